"""`sandbox`: a server on this machine that speaks Encord's protocol, for trying things out."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from bitmask_studio.cli.console import say, tell
from bitmask_studio.cli.parser import Parser, natural, path_text
from bitmask_studio.core.errors import InputError
from bitmask_studio.core.state import state_folder
from bitmask_studio.core.text import tr
from bitmask_studio.sandbox import Sandbox

_DESCRIPTION = """\
Serve a project on this machine that the Encord SDK, and so this program, can work with as with a real one. What is
saved there is kept for the next time.
"""
_EPILOG = """\
examples:
  python -m bitmask_studio sandbox
  python -m bitmask_studio sandbox --labels labels.json --images pictures --port 8123

Without --labels it is the sample project. The server listens on 127.0.0.1 alone; Ctrl+C ends it.
"""

_LAST_PORT = 65535
_WAKE = 0.5
"""Seconds between two looks for a signal: where waiting cannot be interrupted, nothing else would notice it."""


def run(argv: Sequence[str]) -> int:
    """Serve until Ctrl+C or SIGTERM; the exit status. Raises InputError."""
    given = _parser().parse_args(list(argv))
    if given.port is not None and given.port > _LAST_PORT:
        raise InputError(tr("--port {port}: ports go from 0 to {last}.").format(port=given.port, last=_LAST_PORT))
    if given.labels is None and (given.images or given.ontology):
        raise InputError(tr("--images and --ontology belong to --labels; without it the sample project is served."))
    state = Path(given.state) if given.state else state_folder() / ("sandbox-own" if given.labels else "sandbox-server")
    sandbox = Sandbox.start(
        state, labels=given.labels, images=given.images, ontology=given.ontology, port=given.port or 0
    )
    try:
        _introduce(sandbox)
        _wait_for_a_signal()
    finally:
        sandbox.stop()
    tell(tr("The server has ended."))
    return 0


def _wait_for_a_signal() -> None:
    """Come back at Ctrl+C or SIGTERM."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: ended.set())
    while not ended.wait(_WAKE):
        pass


def _introduce(sandbox: Sandbox) -> None:
    # Scripts read these three lines: they are the same in every language.
    say(f"url {sandbox.url}")
    say(f"key {sandbox.key_path}")
    say(f"project {sandbox.project_hash}")
    say(tr("To connect: File > Connect to Encord, own address {url}, or in another terminal:").format(url=sandbox.url))
    say(f"  python -m bitmask_studio --domain {sandbox.url} --key {sandbox.key_path} --project {sandbox.project_hash}")
    sys.stdout.flush()


def _parser() -> Parser:
    parser = Parser("sandbox", tr(_DESCRIPTION), tr(_EPILOG))
    parser.add_argument("--labels", metavar="FILE", type=Path, help=tr("an Encord export to serve"))
    parser.add_argument("--images", metavar="DIR", type=Path, help=tr("where its pictures lie, when not beside it"))
    parser.add_argument("--ontology", metavar="FILE", type=Path, help=tr("its ontology, when not beside it"))
    parser.add_argument("--port", metavar="N", type=natural, help=tr("the port; a free one when not given"))
    parser.add_argument("--state", metavar="DIR", type=path_text, help=tr("where the server keeps what is saved"))
    return parser
