"""The options of the window's command line, and the help that names all commands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bitmask_studio import __version__
from bitmask_studio.cli.encord_login import add_login_options, login_of, names_login
from bitmask_studio.cli.inputs import refuse_servers
from bitmask_studio.cli.parser import Parser, natural, path_text
from bitmask_studio.core.errors import InputError
from bitmask_studio.core.text import tr
from bitmask_studio.studio.options import Options

_DESCRIPTION = """\
Bitmask Studio: look at, touch up and export bitmask labels of the Encord platform.

  python -m bitmask_studio                     a window with the welcome page
  python -m bitmask_studio FILE ...            a window with these labels
  python -m bitmask_studio --key PATH          a window with your projects on Encord
  python -m bitmask_studio export INPUT ...    write masks as PNG or NumPy files, without a window
  python -m bitmask_studio info INPUT ...      list what labels hold, without a window
  python -m bitmask_studio upload MASK ...     make objects of mask files in a label row on Encord
  python -m bitmask_studio sandbox             serve a sample Encord project on this machine

export, info, upload and sandbox have a --help of their own.
"""
_EPILOG = """\
examples:
  python -m bitmask_studio --sample
  python -m bitmask_studio labels.json --images pictures --row photo.png --frame 3
  python -m bitmask_studio --key ~/.ssh/id_ed25519 --project PROJECT_HASH --row photo.png
  python -m bitmask_studio export labels.json --to png --out masks --class Car --class Person
  python -m bitmask_studio info labels.json --json

exit status:
  0    all is well
  1    done, but something was damaged or refused; it is listed on stderr
  2    nothing could be done: an input, an option or a folder cannot be used
  130  ended by Ctrl+C

BITMASK_STUDIO_STATE names the folder for settings and the copy of the sample; BITMASK_STUDIO_DEBUG=1 shows where an
unexpected error came from.
"""


def parse(argv: Sequence[str]) -> Options:
    """The window's options. Raises InputError, and SystemExit after `--help` and `--version`."""
    found = _parser().parse_intermixed_args(list(argv))
    refuse_servers(found.files)
    login = login_of(found) if names_login(found) or found.project else None
    if login and (found.files or found.sample):
        raise InputError(tr("Files and a project on Encord cannot be opened at once."))
    return Options(
        files=tuple(Path(each) for each in found.files),
        images=found.images,
        ontology=found.ontology,
        row=found.row,
        frame=found.frame,
        sample=found.sample,
        login=login,
        project=found.project,
    )


def _parser() -> Parser:
    parser = Parser(description=tr(_DESCRIPTION), epilog=tr(_EPILOG))
    parser.add_argument("--version", action="version", version=f"Bitmask Studio {__version__}")
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        type=path_text,
        help=tr("an Encord JSON, a COCO JSON, or a folder of either or of pictures"),
    )
    parser.add_argument("--images", metavar="DIR", type=Path, help=tr("where the pictures lie, when not beside FILE"))
    parser.add_argument("--ontology", metavar="FILE", type=Path, help=tr("the ontology whose classes are on offer"))
    parser.add_argument("--row", metavar="ROW", help=tr("label hash, data hash or title of the row to open"))
    parser.add_argument("--frame", metavar="N", type=natural, help=tr("the frame to open, counted from 0"))
    parser.add_argument("--sample", action="store_true", help=tr("open the sample project"))
    parser.add_argument("--project", metavar="HASH", help=tr("the project on Encord to open"))
    add_login_options(parser)
    return parser
