"""File: open, save, export, leave."""

from __future__ import annotations

from pathlib import Path

from bitmask_studio.actions.base import Action, has_document
from bitmask_studio.core.text import tr
from bitmask_studio.studio.sample import sample_copy
from bitmask_studio.studio.session import OpenWish, Session


async def open_files(session: Session) -> None:
    await open_paths(session, tuple(await session.studio.ask.open_files()))


async def open_folder(session: Session) -> None:
    folder = await session.studio.ask.folder(tr("Open a Folder of Pictures or Labels"))
    await open_paths(session, (folder,) if folder else ())


async def open_paths(session: Session, paths: tuple[Path, ...]) -> None:
    """Open files or folders, if there are any."""
    await session.open(OpenWish(paths))


async def open_sample(session: Session) -> None:
    await open_paths(session, (await session.studio.jobs.run(sample_copy),))


async def connect(session: Session) -> None:
    """Sign in, then leave the projects to choose from in the dock."""
    if await session.may_leave() and await session.signing_in.ask():
        session.drop_source()


async def try_sandbox(session: Session) -> None:
    """The sample project on a server of this machine, through the same dialog as any other."""
    if await session.may_leave() and await session.signing_in.try_sandbox():
        session.drop_source()


async def reconnect(session: Session) -> None:
    """Sign in again, with what is open and every edit as they are; then do what had failed."""
    if await session.signing_in.again():
        await session.retry()


async def refresh_rows(session: Session) -> None:
    await session.projects.refresh()
    await session.reviewing.look()


async def export(session: Session) -> None:
    from bitmask_studio.studio.exporting.window_export import export_masks  # not part of every start

    await export_masks(session)


def has_account(session: Session) -> bool:
    return session.studio.account is not None


def can_retry(session: Session) -> bool:
    return session.can_retry


async def choose_images(session: Session) -> None:
    """Look for the pictures of what is open in another folder."""
    folder = await session.studio.ask.folder(tr("Folder with the Pictures"))
    if folder:
        await session.look_for_pictures(folder)


def close(session: Session) -> None:
    session.studio.screen.close()


def has_project(session: Session) -> bool:
    return session.studio.workspace.server is not None


def has_files(session: Session) -> bool:
    return session.studio.workspace.files is not None and has_document(session)


def can_save(session: Session) -> bool:
    workspace, document = session.studio.workspace, session.studio.document
    is_painting = document is not None and document.stroke.is_on
    return is_painting or bool(workspace.unsaved) or (workspace.keeper is not None and workspace.keeper.is_shut)


ACTIONS = (
    Action("open_files", tr("Open Files …"), "File", 10, open_files, "Ctrl+O", icon="open-file"),
    Action("open_folder", tr("Open Folder …"), "File", 20, open_folder, "Ctrl+Shift+O", icon="open-folder"),
    Action("open_sample", tr("Open Sample Project"), "File", 30, open_sample, icon="sample"),
    Action(
        "choose_images",
        tr("Choose Picture Folder …"),
        "File",
        40,
        choose_images,
        enabled=has_files,
        icon="images-folder",
    ),
    Action("connect", tr("Connect to Encord …"), "File", 42, connect, "Ctrl+Shift+E", icon="connect", group=1),
    Action("try_sandbox", tr("Try with a Sample Encord Project …"), "File", 44, try_sandbox, icon="sample", group=1),
    Action("reconnect", tr("Sign In Again …"), "File", 45, reconnect, "", has_account, icon="connect", group=1),
    Action("retry", tr("Try Again"), "File", 47, Session.retry, "Ctrl+F5", can_retry, icon="refresh", group=1),
    Action(
        "refresh_rows",
        tr("Refresh Rows"),
        "File",
        46,
        refresh_rows,
        "F5",
        has_project,
        icon="refresh",
        group=1,
    ),
    Action("save", tr("Save"), "File", 50, Session.save, "Ctrl+S", can_save, icon="save", group=2),
    Action(
        "save_as", tr("Save As …"), "File", 60, Session.save_as, "Ctrl+Shift+S", has_document, icon="save-as", group=2
    ),
    Action("export", tr("Export Masks …"), "File", 70, export, "Ctrl+E", has_document, icon="export", group=3),
    Action("quit", tr("Quit"), "File", 90, close, "Ctrl+Q", icon="close", group=4),
)
