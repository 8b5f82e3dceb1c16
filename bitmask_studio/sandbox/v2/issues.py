"""REST calls about issues: comments that hang on a file, a frame, a place or a label."""

from __future__ import annotations

from bitmask_studio.sandbox.answers import invalid, not_found
from bitmask_studio.sandbox.people import Role
from bitmask_studio.sandbox.rows import Row
from bitmask_studio.sandbox.v2.routes import Route, V2Call, get, post
from bitmask_studio.sandbox.wire import Json
from bitmask_studio.sandbox.workflow import new_issue


def _list(call: V2Call) -> Json:
    row = call.world.row(call.project.project_hash, call.first("dataUnitId") or "")
    if row is None:
        raise not_found("data unit of this hash in the project")
    return call.page(row.issues)


def _create(call: V2Call) -> None:
    project = call.writable_project
    for issue in call.fields["issues"]:
        row = call.world.row(project.project_hash, issue["anchor"]["dataUuid"])
        if row is None:
            raise not_found("data unit of this hash in the project")
        tags = issue.get("issueTags") or []
        if set(tags) - set(project.issue_tags):
            raise invalid("The project does not have all of these issue tags.")
        created = new_issue(row, issue["anchor"], issue["comment"], tags, call.person.email)
        row.issues = [*row.issues, created]
        call.world.put([row])


def _delete(call: V2Call) -> None:
    project = call.writable_project
    gone = set(call.fields["issueUuids"])
    rows = [row for row in call.world.rows(project.project_hash) if row.issues]
    found = [issue for row in rows for issue in row.issues if issue["uuid"] in gone]
    if len(found) != len(gone):
        raise not_found("issue of this UUID")
    admin = project.role_of(call.person) is Role.ADMIN
    if not admin and any(issue["comments"][0]["authorEmail"] != call.person.email for issue in found):
        raise invalid("Only a project's admin deletes the issues of others.")
    for row in rows:
        _drop(row, gone)
    call.world.put(rows)


def _drop(row: Row, gone: set[str]) -> None:
    row.issues = [issue for issue in row.issues if issue["uuid"] not in gone]


ROUTES: tuple[Route, ...] = (
    get("projects/{project}/issues", _list),
    post("projects/{project}/issues", _create),
    post("projects/{project}/issues/delete", _delete),
)
