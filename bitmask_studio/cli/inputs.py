"""Open what the command line names as INPUT."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bitmask_studio.cli.console import ProgressLine
from bitmask_studio.cli.encord_login import login_of, names_login, sign_in
from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr

if TYPE_CHECKING:
    from bitmask_studio.cli.joined import Part
    from bitmask_studio.core.labels import RowInfo
    from bitmask_studio.sources.base import Source

SERVER = "encord:"


def refuse_servers(inputs: Iterable[str]) -> None:
    """Raise InputError when one of them is a project on a server: a window takes it as --project."""
    for each in inputs:
        if each.startswith(SERVER):
            raise InputError(tr("{input}: a window opens a project with --key PATH --project HASH.").format(input=each))


@contextmanager
def opened(given: argparse.Namespace) -> Iterator[Source]:
    """One source of all `given.inputs`, in their order, let go of at the end.

    Raises InputError before anything is opened if a file is not there or no key is named; ServerError.
    """
    servers = [each for each in given.inputs if each.startswith(SERVER)]
    paths = {each: _existing(each) for each in given.inputs if each not in servers}
    folder = _folder(getattr(given, "images", None))
    if servers:
        login_of(given)
    elif names_login(given):
        raise InputError(tr("--key and --domain belong to an INPUT encord:PROJECT; there is none."))
    with ExitStack() as stack:
        if not servers:
            yield _files(list(paths.values()), folder)
            return
        from bitmask_studio.cli.joined import Joined

        account = sign_in(login_of(given))
        stack.callback(account.close)
        parts: list[Part] = []
        for each in given.inputs:
            if each in paths:
                source = _files([paths[each]], folder)
                parts.append((source, source.rows()))
            else:
                project, _, row = each.removeprefix(SERVER).partition("/")
                opened_project = account.project(project)
                parts.append((opened_project, _chosen(opened_project, row)))
        yield Joined(parts)


def _files(paths: Sequence[Path], images: Path | None) -> Source:
    from bitmask_studio.sources.local import Watch, open_local

    line = ProgressLine()

    def tell(share: float) -> None:
        if line.due:
            line.show(tr("reading: {n} %").format(n=int(100 * share)))

    try:
        return open_local(paths, images, watch=Watch(tell))
    finally:
        line.clear()


def _chosen(source: Source, row: str) -> Sequence[RowInfo]:
    from bitmask_studio.studio.rows.finding import find_row

    rows = source.rows()
    return [find_row(rows, row)] if row else rows


def _folder(images: str | None) -> Path | None:
    folder = None if images is None else Path(images)
    if folder is not None and not folder.is_dir():
        raise InputError(tr("{path} is not a folder.").format(path=images))
    return folder


def _existing(given: str) -> Path:
    path = Path(given)
    try:
        path.stat()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(tr("{path} cannot be opened: {reason}.").format(path=given, reason=reason)) from error
    return path
