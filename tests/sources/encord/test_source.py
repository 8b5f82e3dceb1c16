"""A project as a source: listed in portions, opened without writing, a row made only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import RowInfo
from bitmask_studio.sandbox import Fault, FaultKind, Sandbox
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.projects import StageKind
from bitmask_studio.sources.encord.source import EncordSource
from tests.sources.encord.restored import EMAIL, me, sandbox, serving, signed_in, source
from tests.sources.twins import masks_of

__all__ = ["me", "sandbox", "source"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with serving(tmp_path_factory.mktemp("sandbox")) as sandbox:
        sandbox.add_rows(20)
        yield sandbox


def unlabelled(source: EncordSource) -> RowInfo:
    return next(each for each in source.rows() if each.uninitialised)


def writes(sandbox: Sandbox) -> list[tuple[str, str]]:
    return [(each.method, each.what) for each in sandbox.requests if each.writes]


def test_it_is_called_as_its_project_and_offers_its_classes(sandbox: Sandbox, source: EncordSource) -> None:
    assert (source.title, source.project_hash) == (sandbox.project_title, sandbox.project_hash)
    assert source.ontology.bitmask_classes
    assert any(each.attributes for each in source.ontology.classes)
    assert StageKind.ANNOTATION in [each.kind for each in source.stages]
    assert source.email == EMAIL


def test_the_list_is_read_once_comes_in_portions_and_anew_when_asked(tmp_path: Path) -> None:
    with serving(tmp_path) as sandbox, signed_in(sandbox) as account:
        source = account.project(sandbox.project_hash)
        before = source.rows()
        sandbox.add_rows(2500)
        sandbox.clear_requests()
        assert source.rows() == before
        assert not sandbox.requests
        portions: list[Sequence[RowInfo]] = []
        rows = source.refresh(portions.append)
        assert len(rows) == len(sandbox.rows()) == len(before) + 2500
        assert [info for portion in portions for info in portion] == list(rows) == list(source.rows())
        assert len(portions) > 2


def test_a_list_that_breaks_off_leaves_the_one_before(sandbox: Sandbox, source: EncordSource) -> None:
    before = source.rows()
    sandbox.faults.add(Fault(FaultKind.FORBIDDEN, "labelrowmetadata"))
    with pytest.raises(ServerError):
        source.refresh(lambda _: None)
    assert source.rows() == before


def test_a_row_without_labels_is_not_opened_unasked(sandbox: Sandbox, source: EncordSource) -> None:
    info = unlabelled(source)
    sandbox.clear_requests()
    with pytest.raises(InputError, match="no labels yet"):
        source.load(info)
    assert not sandbox.requests


def test_a_row_is_made_when_asked_for_and_keeps_its_key(sandbox: Sandbox, source: EncordSource) -> None:
    info = unlabelled(source)
    sandbox.clear_requests()
    made = source.create(info)
    assert writes(sandbox) == [("PUT", "labelrow")]
    assert (made.key, made.title, made.uninitialised) == (info.key, info.title, False)
    assert made in source.rows()
    assert source.load(info).info.label_hash == made.label_hash == source.load(made).info.label_hash
    assert made.key in [each.key for each in source.refresh(lambda _: None) if each.label_hash == made.label_hash]


@pytest.mark.parametrize("kind", [FaultKind.RESET_AFTER, FaultKind.CUT_JSON])
def test_a_row_that_was_made_although_the_answer_was_lost_is_found(
    sandbox: Sandbox, source: EncordSource, kind: FaultKind
) -> None:
    info = unlabelled(source)
    sandbox.clear_requests()
    sandbox.faults.add(Fault(kind, "labelrow", "PUT"))
    assert source.load(source.create(info)).frames
    assert writes(sandbox) == [("PUT", "labelrow")]


@pytest.mark.parametrize(
    "kind", [FaultKind.RESET_BEFORE, FaultKind.FORBIDDEN, FaultKind.SERVER_ERROR, FaultKind.TOO_MANY]
)
def test_a_row_that_could_not_be_made_is_told_and_not_tried_again(
    sandbox: Sandbox, source: EncordSource, kind: FaultKind
) -> None:
    info = unlabelled(source)
    sandbox.clear_requests()
    sandbox.faults.add(Fault(kind, "labelrow", "PUT"))
    with pytest.raises(ServerError):
        source.create(info)
    assert len(writes(sandbox)) == 1
    assert info in source.rows()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (FaultKind.UNAUTHENTICATED, Kind.NOT_ACCEPTED),
        (FaultKind.FORBIDDEN, Kind.FORBIDDEN),
        (FaultKind.NOT_FOUND, Kind.GONE),
        (FaultKind.TOO_MANY, Kind.TOO_MANY_REQUESTS),
    ],
)
def test_a_row_that_cannot_be_read_is_asked_for_once(
    sandbox: Sandbox, source: EncordSource, kind: FaultKind, expected: Kind
) -> None:
    info = source.rows()[0]
    sandbox.clear_requests()
    sandbox.faults.add(Fault(kind, "labelrow", times=9))
    with pytest.raises(ServerError) as error:
        source.load(info)
    assert error.value.kind is expected
    assert [each.what for each in sandbox.requests].count("labelrow") == 1


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.RESET_BEFORE, FaultKind.HTML])
def test_a_row_comes_although_the_server_failed_for_a_moment(
    sandbox: Sandbox, source: EncordSource, kind: FaultKind
) -> None:
    info = source.rows()[0]
    sandbox.faults.add(Fault(kind, "labelrow", times=2))
    assert masks_of(source.load(info))


def test_exported_masks_are_called_as_encords_documentation_does(source: EncordSource) -> None:
    info = next(each for each in source.rows() if each.data_type == "video" and each.label_hash)
    row = source.load(info)
    frame = next(each for each in row.frames if each.number > 0 and each.objects)
    each = frame.objects[0]
    assert source.file_stem(info, frame, each) == f"mask_{frame.number:05d}_{each.object_hash}"


def test_how_far_a_video_is_can_be_heard(source: EncordSource, sandbox: Sandbox) -> None:
    heard: list[tuple[str, int]] = []
    source.on_progress = lambda info, received, total: heard.append((info.key, received))
    info = next(each for each in source.rows() if each.data_type == "video" and each.label_hash)
    source.picture(info, source.load(info).frames[0])
    source.close()
    assert heard and {key for key, _ in heard} == {info.key}
