"""REST calls about label rows: validity, branches, priorities, classifications."""

from __future__ import annotations

from bitmask_studio.sandbox.answers import invalid
from bitmask_studio.sandbox.label_rows import LabelRows
from bitmask_studio.sandbox.rows import MAIN, stable_uuid
from bitmask_studio.sandbox.v2.routes import Route, V2Call, asking, get, post
from bitmask_studio.sandbox.wire import Json


def _validation(call: V2Call) -> Json:
    row = LabelRows(call.world, call.project, call.pictures).find(call.path["label"])
    return {
        "labelHash": row.label_hash,
        "branchName": row.branch,
        "version": row.version,
        "isValid": not row.errors,
        "errors": row.errors,
    }


def _copy_branch(call: V2Call) -> Json:
    project = call.writable_project
    label_rows = LabelRows(call.world, project, call.pictures)
    target, wanted = call.fields["targetBranchName"], call.fields.get("labelUuids")
    chosen = call.fields.get("dataUuids")
    source = call.fields.get("sourceBranchName") or MAIN
    copied = 0
    for row in list(call.world.rows(project.project_hash)):
        asked = (wanted is None or row.label_hash in wanted) and (chosen is None or row.data_hash in chosen)
        here = call.world.row(project.project_hash, row.data_hash, target)
        if row.branch != source or not row.wire or not asked or (here and not call.fields.get("overwrite")):
            continue
        copy = here or label_rows.branched(row, target)
        copy.label_hash = copy.label_hash or stable_uuid("label", project.project_hash, *copy.key)
        copy.created_at, copy.edited_at = copy.created_at or row.created_at, row.edited_at
        copy.label_status, copy.wire, copy.errors = row.label_status, row.wire, row.errors
        call.world.put([copy], call.person.email)
        copied += 1
    return {"copiedCount": copied}


def _priorities(call: V2Call) -> None:
    project = call.writable_project
    changed = []
    for data_hash, priority in call.fields["priorities"]:
        row = call.world.row(project.project_hash, data_hash)
        if row is None or not 0 <= priority <= 1:
            raise invalid("A priority lies between 0 and 1 and belongs to a task of the project.")
        changed.append((row, priority))
    for row, priority in changed:
        row.priority = priority
    call.world.put(row for row, _ in changed)


def _classifications(call: V2Call) -> Json:
    rows = LabelRows(call.world, call.project, call.pictures)
    found = [rows.find(each) for each in call.fields["labelUuids"]]
    return {
        "labels": [
            {
                "labelUuid": row.label_hash,
                "dataUuid": row.data_hash,
                "dataTitle": row.title,
                "branchName": row.branch,
                "classificationAnswers": row.labels["classification_answers"],
            }
            for row in found
        ]
    }


ROUTES: tuple[Route, ...] = (
    get("projects/{project}/labels/{label}/validation-state", _validation),
    post("projects/{project}/labels/copy-branch", _copy_branch),
    post("projects/{project}/priorities", _priorities),
    asking("projects/{project}/label-rows/classifications", _classifications),
)
