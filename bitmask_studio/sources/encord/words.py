"""A problem of the worker as an error in words: what happened, what is safe, what to do next."""

from __future__ import annotations

import shlex
from pathlib import Path

from bitmask_studio.core.text import tr
from bitmask_studio.sources.encord.errors import Kind, ServerError
from bitmask_studio.sources.encord.messages import Problem

_EDITABLE = frozenset({"image", "img_group", "image_sequence", "video", "group"})
_ABOUT_THE_SERVER = ("account.check", "projects.list")
_KEY_KINDS = frozenset(
    {Kind.KEY_MISSING, Kind.KEY_UNSUITABLE, Kind.KEY_LOCKED, Kind.WRONG_PASSPHRASE, Kind.NOT_ACCEPTED}
)


def error_of(problem: Problem, name: str = "", writes: bool = False) -> ServerError:
    """The error to raise for a problem in the call `name`."""
    reached = writes and problem.reached
    reason = reason_of(problem, name)
    if problem.kind is Kind.CANCELLED:
        message = tr("Cancelled.") if not reached else " ".join((tr("Cancelled."), _safe(writes, reached)))
        return ServerError(message, problem.kind, None, reached, reason)
    parts = [f"{_undone(name, writes)}: {reason}."]
    if problem.kind not in _KEY_KINDS and name != "account.check":
        parts.append(_safe(writes, reached))
    parts.append(_advice(problem, name, writes))
    if problem.trace_id and (problem.reached or problem.kind is not Kind.NO_CONNECTION):
        parts.append(tr("Encord's support finds this request by {id}.").format(id=problem.trace_id))
    return ServerError(" ".join(part for part in parts if part), problem.kind, problem.retry_after, reached, reason)


def reason_of(problem: Problem, name: str = "") -> str:
    """What happened, a clause without a full stop."""
    reasons = _reasons()
    text = reasons.get((problem.kind, problem.cause)) or reasons[problem.kind, ""]
    if problem.kind is Kind.GONE and not problem.cause:
        text = _gone(name)
    reason = text.format(detail=problem.detail)
    if problem.kind in (Kind.REFUSED, Kind.UNREADABLE, Kind.TOO_LARGE, Kind.INTERNAL) and problem.detail:
        reason += f" ({problem.detail.rstrip('.')})"
    return reason


def unsupported(data_type: str) -> str | None:
    """Why rows of this type cannot be edited over Encord; None when they can."""
    if data_type in _EDITABLE:
        return None
    what = _unsupported().get(data_type, tr("this kind of data"))
    return tr("Bitmask Studio cannot edit {what} on Encord; it only reads this row and cannot damage it.").format(
        what=what
    )


def exposed_key(path: Path) -> str:
    """The warning about a key file that others on this computer can read."""
    return tr("Other users of this computer can read your key file. Make it private with: chmod 600 {path}").format(
        path=shlex.quote(str(path))
    )


def _undone(name: str, writes: bool) -> str:
    """What did not come about."""
    known = {
        "account.check": tr("Not connected"),
        "projects.list": tr("The projects could not be listed"),
        "projects.open": tr("The project could not be opened"),
        "rows.list": tr("The label rows could not be listed"),
        "rows.load": tr("The label row could not be opened"),
        "rows.create": tr("The label row could not be created"),
        "rows.fetch_for_save": tr("Not saved"),
        "rows.store": tr("Not saved"),
        "pictures.fetch": tr("The picture could not be fetched"),
        "pictures.thumbnail": tr("The thumbnail could not be fetched"),
    }
    if name in known:
        return known[name]
    if name.startswith("tasks."):
        return tr("The task could not be changed") if writes else tr("The task could not be read")
    return tr("Encord could not carry this out") if writes else tr("Encord could not be asked")


def _safe(writes: bool, reached: bool) -> str:
    if not writes:
        return tr("Nothing was changed.")
    if not reached:
        return tr("Nothing was changed on the server; your edits are kept.")
    return tr("Whether the server carried it out is not known; your edits are kept.")


def _gone(name: str) -> str:
    if name in _ABOUT_THE_SERVER:
        return tr("there is no Encord server at this address")
    if name.startswith("projects."):
        return tr("there is no such project, or it is not shared with you")
    if name.startswith("pictures."):
        return tr("the picture is not there any more")
    if name.startswith("tasks."):
        return tr("the task is not there any more")
    return tr("it is not on the server any more")


def _unsupported() -> dict[str, str]:
    return {
        "dicom": tr("DICOM series"),
        "dicom_study": tr("DICOM studies"),
        "nifti": tr("NIfTI volumes"),
        "pdf": tr("PDF documents"),
        "audio": tr("audio"),
        "time_series": tr("time series"),
        "plain_text": tr("texts"),
        "scene": tr("3D scenes"),
    }


def _reasons() -> dict[tuple[Kind, str], str]:
    return {
        (Kind.KEY_MISSING, ""): tr("no key is chosen"),
        (Kind.KEY_MISSING, "file"): tr("there is no key file {detail}"),
        (Kind.KEY_MISSING, "pasted"): tr("this is a key itself, not the name of its file"),
        (Kind.KEY_MISSING, "folder"): tr("{detail} is a folder, not a key file"),
        (Kind.KEY_MISSING, "unreadable"): tr("the key file {detail} cannot be read; it may belong to somebody else"),
        (Kind.KEY_UNSUITABLE, ""): tr("this key cannot be used"),
        (Kind.KEY_UNSUITABLE, "empty"): tr("the key file is empty"),
        (Kind.KEY_UNSUITABLE, "unknown"): tr("this file holds no SSH key"),
        (Kind.KEY_UNSUITABLE, "public"): tr("this is the public half of a key"),
        (Kind.KEY_UNSUITABLE, "putty"): tr("this key is in PuTTY's format"),
        (Kind.KEY_UNSUITABLE, "pem"): tr("this key is in PEM format, not in OpenSSH's"),
        (Kind.KEY_UNSUITABLE, "rsa"): tr("this is an RSA key"),
        (Kind.KEY_UNSUITABLE, "dsa"): tr("this is a DSA key"),
        (Kind.KEY_UNSUITABLE, "ecdsa"): tr("this is an ECDSA key"),
        (Kind.KEY_UNSUITABLE, "security key"): tr("this key lives in a security key, which has to be touched"),
        (Kind.KEY_UNSUITABLE, "cipher"): tr("this key is locked in a way that is not supported here"),
        (Kind.KEY_UNSUITABLE, "damaged"): tr("the key file is damaged"),
        (Kind.KEY_LOCKED, ""): tr("the key is locked with a passphrase"),
        (Kind.WRONG_PASSPHRASE, ""): tr("the passphrase does not open the key"),
        (Kind.NOT_ACCEPTED, ""): tr("Encord does not accept the key"),
        (Kind.FORBIDDEN, ""): tr("you have no right to do this"),
        (Kind.FORBIDDEN, "link"): tr("the picture's address does not hold any more"),
        (Kind.GONE, ""): tr("it is not on the server any more"),
        (Kind.GONE, "row"): tr("the label row is not on the server any more"),
        (Kind.GONE, "link"): tr("the picture is not there any more"),
        (Kind.REFUSED, ""): tr("Encord refused it"),
        (Kind.EXISTS, ""): tr("it exists already; somebody else was faster"),
        (Kind.TOO_LARGE, ""): tr("it is too much for one request"),
        (Kind.TOO_MANY_REQUESTS, ""): tr("Encord gets too many requests at the moment"),
        (Kind.NO_CONNECTION, ""): tr("there is no connection to {detail}"),
        (Kind.NO_CONNECTION, "name"): tr("the name {detail} is not known in the network"),
        (Kind.NO_CONNECTION, "refused"): tr("nothing answers at {detail}"),
        (Kind.NO_CONNECTION, "unreachable"): tr("{detail} cannot be reached"),
        (Kind.NO_CONNECTION, "certificate"): tr("the certificate of {detail} cannot be trusted"),
        (Kind.NO_CONNECTION, "tls"): tr("no secure connection to {detail} came about"),
        (Kind.NO_CONNECTION, "proxy"): tr("this computer's proxy does not let the connection through"),
        (Kind.NO_CONNECTION, "redirect"): tr("{detail} wanted to send the request on to another server"),
        (Kind.NO_CONNECTION, "reset"): tr("the connection to {detail} broke off"),
        (Kind.NO_CONNECTION, "cut"): tr("the answer of {detail} broke off"),
        (Kind.TIMED_OUT, ""): tr("Encord did not answer in time"),
        (Kind.TIMED_OUT, "deadline"): tr("Encord's answer took too long"),
        (Kind.SERVER, ""): tr("Encord's server has a problem"),
        (Kind.SERVER, "page"): tr("a web page came instead of Encord's answer"),
        (Kind.BAD_ANSWER, ""): tr("Encord's answer is damaged"),
        (Kind.UNREADABLE, ""): tr("Encord's answer holds something that this version cannot read"),
        (Kind.CANCELLED, ""): tr("it was cancelled"),
        (Kind.CANCELLED, "closed"): tr("the account is signed out"),
        (Kind.INTERNAL, ""): tr("the program made a mistake"),
        (Kind.INTERNAL, "start"): tr("the part of the program that talks to Encord does not start"),
        (Kind.INTERNAL, "ended"): tr("the part of the program that talks to Encord ended unexpectedly"),
        (Kind.INTERNAL, "sdk"): tr("the Encord SDK is not installed, or not whole"),
        (Kind.INTERNAL, "memory"): tr("there is not enough memory"),
    }


def _advice(problem: Problem, name: str, writes: bool) -> str:
    """What to do next."""
    if problem.kind is Kind.TOO_MANY_REQUESTS:
        return _wait(problem.retry_after)
    if problem.kind is Kind.GONE and name in _ABOUT_THE_SERVER:
        return tr("Check the address.")
    if problem.kind is Kind.GONE and name.startswith("projects."):
        return tr("Check its ID, and the region.")
    if problem.kind is Kind.TOO_LARGE:
        return tr("Save fewer rows at once.") if writes else tr("Tell an admin of the project.")
    advice = _advices()
    return advice.get((problem.kind, problem.cause)) or advice.get((problem.kind, ""), "")


def _wait(seconds: float | None) -> str:
    if seconds is None:
        return tr("Wait a minute, then try again.")
    if seconds < 2:
        return tr("Try again in a moment.")
    if seconds < 120:
        return tr("Try again in {seconds} seconds.").format(seconds=round(seconds))
    return tr("Try again in {minutes} minutes.").format(minutes=-(-round(seconds) // 60))


def _advices() -> dict[tuple[Kind, str], str]:
    make = tr("Encord takes Ed25519 keys in OpenSSH's format: ssh-keygen -t ed25519 makes one.")
    again = tr("Try again in a moment.")
    choose = tr("Choose the file of your private key.")
    return {
        (Kind.KEY_MISSING, ""): choose,
        (Kind.KEY_UNSUITABLE, ""): make,
        (Kind.KEY_UNSUITABLE, "public"): tr("Choose the private half: mostly the file of the same name without .pub."),
        (Kind.KEY_UNSUITABLE, "putty"): tr("In PuTTYgen, “Export OpenSSH key” converts an Ed25519 key.") + " " + make,
        (Kind.KEY_UNSUITABLE, "empty"): choose,
        (Kind.KEY_UNSUITABLE, "unknown"): choose + " " + make,
        (Kind.KEY_UNSUITABLE, "damaged"): tr("Take it from where you first saved it, or make a new one.") + " " + make,
        (Kind.KEY_LOCKED, ""): tr("Enter its passphrase."),
        (Kind.WRONG_PASSPHRASE, ""): tr("Enter it once more."),
        (Kind.NOT_ACCEPTED, ""): tr(
            "Likely causes: the public key is not in your Encord profile; the other region is meant (Europe or "
            "United States); or this computer's clock is wrong."
        ),
        (Kind.FORBIDDEN, ""): tr(
            "Encord lets admins and team managers of a project work this way: ask one of them for the right."
        ),
        (Kind.FORBIDDEN, "link"): tr("Refresh, then open the row again."),
        (Kind.GONE, ""): tr("Read the list anew."),
        (Kind.REFUSED, ""): tr("Refresh and look at the row again; then try once more."),
        (Kind.EXISTS, ""): tr("Read the list anew, then open it again."),
        (Kind.NO_CONNECTION, ""): tr("Check the network, then try again."),
        (Kind.NO_CONNECTION, "name"): tr("Check the network and the address."),
        (Kind.NO_CONNECTION, "refused"): tr("Check the address, and that the server runs."),
        (Kind.NO_CONNECTION, "certificate"): tr(
            "A network that looks into connections, or a wrong clock, does this: ask whoever runs the network."
        ),
        (Kind.NO_CONNECTION, "proxy"): tr("Check the settings HTTPS_PROXY and NO_PROXY."),
        (Kind.NO_CONNECTION, "redirect"): tr("Check the address."),
        (Kind.NO_CONNECTION, "reset"): again,
        (Kind.NO_CONNECTION, "cut"): again,
        (Kind.TIMED_OUT, ""): again,
        (Kind.SERVER, ""): again,
        (Kind.SERVER, "page"): tr(
            "A proxy or a sign-in page of your network may stand in the way, or Encord's server has a problem."
        ),
        (Kind.BAD_ANSWER, ""): again,
        (Kind.UNREADABLE, ""): tr("A newer Bitmask Studio may read it; Encord's own editor does."),
        (Kind.INTERNAL, ""): tr("Try again; if it stays, report it with this text."),
        (Kind.INTERNAL, "sdk"): tr("Install Bitmask Studio anew."),
        (Kind.INTERNAL, "memory"): tr("Close other programs, then try again."),
    }
