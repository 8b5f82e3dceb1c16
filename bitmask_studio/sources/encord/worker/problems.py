"""Every exception of a call as a problem: facts only, and no secret among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from msgspec.structs import replace

from bitmask_studio.sources.encord.errors import Kind
from bitmask_studio.sources.encord.messages import Problem, Refused
from bitmask_studio.sources.encord.worker.network import network_problem

# The name of an SDK exception -> the kind, and whether the server may have carried the request out.
_KINDS = {
    "AuthenticationError": (Kind.NOT_ACCEPTED, False),
    "SshKeyNotFound": (Kind.NOT_ACCEPTED, False),
    "DuplicateSshKeyError": (Kind.NOT_ACCEPTED, False),
    "AuthorisationError": (Kind.FORBIDDEN, False),
    "ResourceNotFoundError": (Kind.GONE, False),
    "OperationNotAllowed": (Kind.REFUSED, False),
    "MethodNotAllowedError": (Kind.REFUSED, False),
    "WrongProjectTypeError": (Kind.REFUSED, False),
    "InvalidArgumentsError": (Kind.REFUSED, False),
    "CorruptedLabelError": (Kind.REFUSED, False),
    "AnswerDictionaryError": (Kind.REFUSED, False),
    "FeatureDoesNotExistError": (Kind.REFUSED, False),
    "ResourceExistsError": (Kind.EXISTS, False),
    "MultiLabelLimitError": (Kind.TOO_LARGE, False),
    "PayloadTooLargeError": (Kind.TOO_LARGE, False),
    "RateLimitExceededError": (Kind.TOO_MANY_REQUESTS, False),
    "TimeOutError": (Kind.TIMED_OUT, True),
    "RequestException": (Kind.BAD_ANSWER, True),
    "UnknownException": (Kind.SERVER, True),
    "GenericServerError": (Kind.SERVER, True),
    "LabelRowError": (Kind.UNREADABLE, True),
    "OntologyError": (Kind.UNREADABLE, True),
    "EncordException": (Kind.UNREADABLE, True),  # itself: an answer of v2 that is not of the form expected
}
_SAYING = frozenset({Kind.REFUSED, Kind.TOO_LARGE})
"""The kinds where the server's own words help; elsewhere they are the SDK's, for programmers."""
_MISREAD = (AttributeError, TypeError)
_TRACE_ID = re.compile(r"[0-9a-f]{32}")
_FIELD = re.compile(r"[A-Za-z][A-Za-z_]{0,40}")
_ADDRESS = re.compile(r"\S*://\S*|\S*(?:https?:|www\.)\S*", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LONG = re.compile(r"[\w%+/=&.~:-]{24,}")
_KEY_WORDS = re.compile(r"PRIVATE|BEGIN |ssh-|Bearer|Signature|[Tt]oken=|[Pp]assw|[Pp]assphrase")
_MAX_SAID = 200


def problem_of(error: BaseException, host: str = "", secrets: Sequence[str] = ()) -> Problem:
    """What happened to a request to `host`; none of `secrets` is in it, nor an address, a key or a token."""
    problem = error.problem if isinstance(error, Refused) else _problem(error, host)
    if any(secret in text for secret in secrets for text in (problem.cause, problem.detail, problem.trace_id)):
        return replace(problem, detail="", trace_id="")
    return problem


def said(text: object) -> str:
    """What a server said, fit to be shown: printable, no address, nothing like a key or a token, 200 characters."""
    plain = _ADDRESS.sub("…", text) if isinstance(text, str) else ""
    if _KEY_WORDS.search(plain):
        return ""
    plain = "".join(each if each.isprintable() else " " for each in plain)
    plain = _LONG.sub(lambda found: found[0] if _UUID.fullmatch(found[0]) else "…", plain)
    plain = " ".join(plain.split())
    return plain if len(plain) <= _MAX_SAID else plain[: _MAX_SAID - 1] + "…"


def _problem(error: BaseException, host: str) -> Problem:
    if isinstance(error, ImportError):
        return Problem(Kind.INTERNAL, "sdk")
    from encord.exceptions import EncordException

    if isinstance(error, EncordException):
        return _of_sdk(error, host)
    if (found := network_problem(error, host)) is not None:
        return found
    if isinstance(error, MemoryError):
        return Problem(Kind.INTERNAL, "memory", reached=True)
    if _raised_by_the_sdk(error):
        return _misread(error)
    return Problem(Kind.INTERNAL, "", _place(error), reached=True)


def _of_sdk(error: Exception, host: str) -> Problem:
    name = next((each.__name__ for each in type(error).__mro__ if each.__name__ in _KINDS), "EncordException")
    kind, reached = _KINDS[name]
    found = network_problem(error, host) if name == "RequestException" else None
    problem = found or Problem(kind, reached=reached)
    if kind in _SAYING:
        problem = replace(problem, detail=said(getattr(error, "message", "")))
    return replace(problem, trace_id=_trace_id(error), retry_after=getattr(error, "retry_after", None))


def _trace_id(error: Exception) -> str:
    trace_id = getattr(getattr(error, "context", None), "trace_id", None)
    return trace_id if isinstance(trace_id, str) and _TRACE_ID.fullmatch(trace_id) else ""


def _misread(error: BaseException) -> Problem:
    """The SDK stumbled over an answer: it has another form, or holds what this version does not know."""
    if isinstance(error, _MISREAD):
        return Problem(Kind.BAD_ANSWER, reached=True)
    field = error.args[0] if isinstance(error, KeyError) and error.args else ""
    return Problem(
        Kind.UNREADABLE, "", field if isinstance(field, str) and _FIELD.fullmatch(field) else "", reached=True
    )


def _raised_by_the_sdk(error: BaseException) -> bool:
    """Whether the last of our own or the SDK's functions on the way to the exception is one of the SDK's."""
    names = [frame.tb_frame.f_globals.get("__name__", "").partition(".")[0] for frame in _frames(error.__traceback__)]
    return next((name for name in reversed(names) if name in ("encord", "bitmask_studio")), "") == "encord"


def _place(error: BaseException) -> str:
    """Where a mistake of this program showed, for a report: never the exception's text, which may quote anything."""
    last = next(reversed(list(_frames(error.__traceback__))), None)
    where = f", {Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last is not None else ""
    return f"{type(error).__name__}{where}"


def _frames(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next
