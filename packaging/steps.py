"""One step of the set-up: its words on stderr, its question, and its failure as one plain line."""

from __future__ import annotations

import subprocess
import sys


class SetupError(Exception):
    """The set-up cannot go on; the text is one plain line for whoever started it."""


def say(line: str) -> None:
    print(f"Bitmask Studio: {line}", file=sys.stderr, flush=True)


def at_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def confirmed(question: str) -> bool:
    """Ask at the terminal; Enter alone means yes, the end of the input means no."""
    print(f"Bitmask Studio: {question} [Y/n] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().lower() in ("\n", "y\n", "yes\n")


def telling_line(output: str) -> str:
    """Return the line of a tool's output that says best what went wrong: pip's and apt's last error, else the last."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("ERROR:", "E:"))]
    return (errors or lines or ["it gave no reason"])[-1]


def do(command: list[str], failure: str) -> str:
    """Run a command with its output kept back, and return that output; raise SetupError when it fails.

    A child inherits the set-up's lock: should this process be killed, the next one waits until the child has ended.
    """
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        close_fds=False,
        check=False,
    )
    if done.returncode != 0:
        raise SetupError(f"{failure}: {telling_line(done.stdout)}")
    return done.stdout
