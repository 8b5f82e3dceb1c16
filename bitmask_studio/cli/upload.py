"""`upload`: mask files as new objects of a label row on an Encord server."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from bitmask_studio.cli.console import say, tell
from bitmask_studio.cli.encord_login import add_login_options, login_of, sign_in
from bitmask_studio.cli.parser import Parser, natural, path_text
from bitmask_studio.core.errors import InputError, SaveError
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import MaskKey, NewObject, RowChanges, RowInfo
from bitmask_studio.core.mask import Mask
from bitmask_studio.core.ontology import ObjectClass, Ontology, new_hash
from bitmask_studio.core.text import tr
from bitmask_studio.formats.mask_files import read_mask_file
from bitmask_studio.sources.encord.account import Account
from bitmask_studio.sources.encord.errors import Kind, LossError, NotSavedError, ServerError
from bitmask_studio.sources.encord.source import EncordSource
from bitmask_studio.studio.rows.finding import find_row

_DESCRIPTION = """\
Make one new object of each mask file in a label row on an Encord server. All files are checked before anything is
sent, all objects are sent at once, and what was stored is read back and compared.
"""
_EPILOG = """\
examples:
  python -m bitmask_studio upload car.png --key id_ed25519 --project PROJECT_HASH --row street.png --class Car

MASK is a PNG, TIFF or .npy; any value but 0 is mask. Its size has to be that of the frame. A row without labels gets
its label row on the server first, and that is said. stdout has one objectHash a line, in the order of the files.

exit status:
  0    every mask is an object on the server, read back and equal
  1    the server refused, or could not be reached; nothing is known to be stored
  2    a mask, an option or the key cannot be used; nothing was sent
"""
REFUSED = 1
_OF_THE_KEY = (Kind.KEY_MISSING, Kind.KEY_UNSUITABLE, Kind.KEY_LOCKED, Kind.WRONG_PASSPHRASE)


def run(argv: Sequence[str]) -> int:
    """The exit status. Raises InputError before anything is sent."""
    given = _parser().parse_intermixed_args(list(argv))
    masks = [_read(Path(each)) for each in given.masks]
    try:
        account = sign_in(login_of(given))
        try:
            return _upload(account, given, masks)
        finally:
            account.close()
    except (ServerError, SaveError) as error:
        if isinstance(error, ServerError) and error.kind in _OF_THE_KEY:
            raise
        tell(f"bitmask_studio: {_refusal(error)}")
        return REFUSED


def _refusal(error: ServerError | SaveError) -> str:
    """The words of a window speak of edits that it keeps; here there are the files."""
    if isinstance(error, LossError):
        return tr("Nothing was sent: a save would destroy work of others. {losses}").format(
            losses=" ".join(error.losses)
        )
    cause = error.__cause__
    if isinstance(error, NotSavedError) and isinstance(cause, ServerError):
        known = tr("Whether they are stored is not known: look before you try again.") if cause.reached else ""
        return tr("The masks were not uploaded: {reason}. {known}").format(reason=cause.reason, known=known).rstrip()
    return str(error)


def _parser() -> Parser:
    parser = Parser("upload", tr(_DESCRIPTION), tr(_EPILOG))
    parser.add_argument("masks", metavar="MASK", nargs="+", type=path_text, help=tr("a PNG, TIFF or .npy file"))
    parser.add_argument("--project", metavar="HASH", required=True, help=tr("the project's hash"))
    parser.add_argument("--row", metavar="ROW", required=True, help=tr("label hash, data hash or title of the row"))
    parser.add_argument(
        "--class", metavar="C", dest="name", required=True, help=tr("a bitmask class: exact title or feature hash")
    )
    parser.add_argument("--frame", metavar="N", type=natural, default=0, help=tr("the frame, counted from 0"))
    add_login_options(parser)
    return parser


def _read(path: Path) -> tuple[Path, Mask, tuple[int, int]]:
    pixels = read_mask_file(path)
    height, width = pixels.shape
    return path, Mask.of(Box.of_size(width, height), pixels), (width, height)


def _upload(account: Account, given: argparse.Namespace, masks: Sequence[tuple[Path, Mask, tuple[int, int]]]) -> int:
    source = account.project(given.project)
    of_class = _class_of(source.ontology, given.name)
    info = find_row(source.rows(), given.row)
    if info.read_only:
        raise InputError(tr("{row} cannot be edited: {reason}").format(row=info.name, reason=info.read_only))
    if info.uninitialised:
        _check(masks, given.frame, info.frames, (info.width, info.height), info)
        info = _create(source, info)
    row = source.load(info)
    size = (row.frames[given.frame].width, row.frames[given.frame].height) if given.frame < len(row.frames) else (0, 0)
    _check(masks, given.frame, len(row.frames), size, info)
    if row.info.read_only:
        raise InputError(tr("{row} cannot be edited: {reason}").format(row=info.name, reason=row.info.read_only))
    added = tuple(NewObject(MaskKey(given.frame, new_hash()), of_class, mask) for _, mask, _ in masks)
    source.save([RowChanges(row, added=added)])
    for each in added:
        say(each.key.object_hash)
    return 0


def _create(source: EncordSource, info: RowInfo) -> RowInfo:
    tell(tr("{row} has no labels yet: its label row is made on the server.").format(row=info.name))
    return source.create(info)


def _class_of(ontology: Ontology, name: str) -> ObjectClass:
    """The bitmask class of that title or feature hash. Raises InputError naming those there are."""
    found = Ontology(ontology.bitmask_classes).matching(name)
    if len(found) == 1:
        return found[0]
    if found:
        hashes = ", ".join(each.feature_hash for each in found)
        raise InputError(
            tr("Several bitmask classes are called {name}; name one by its feature hash: {hashes}.").format(
                name=name, hashes=hashes
            )
        )
    known = ", ".join(each.name for each in ontology.bitmask_classes) or tr("none")
    raise InputError(tr("There is no bitmask class {name}. Bitmask classes: {known}.").format(name=name, known=known))


def _check(
    masks: Sequence[tuple[Path, Mask, tuple[int, int]]],
    frame: int,
    frames: int,
    size: tuple[int, int],
    info: RowInfo,
) -> None:
    if frame >= frames:
        text = tr("There is no frame {frame}: {row} has {frames} frames, counted from 0.")
        raise InputError(text.format(frame=frame, row=info.name, frames=frames))
    for path, mask, found in masks:
        if size not in (found, (0, 0)):
            raise InputError(
                tr("{path} is {w} x {h} px, but the frame is {fw} x {fh} px. Nothing was sent.").format(
                    path=path, w=found[0], h=found[1], fw=size[0], fh=size[1]
                )
            )
        if mask.box.empty:
            raise InputError(tr("{path} has no pixel that is mask. Nothing was sent.").format(path=path))
