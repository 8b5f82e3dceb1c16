"""The server without its sockets: takes a request, checks who sent it, answers it and writes it down."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace

from bitmask_studio.sandbox import v1
from bitmask_studio.sandbox.answers import (
    Answer,
    RefusedError,
    encode,
    invalid,
    v1_answer,
    v1_refusal,
    v2_answer,
    v2_refusal,
)
from bitmask_studio.sandbox.faults import TAKE_EFFECT, Fault, FaultKind, Faults, cut, failed_answer
from bitmask_studio.sandbox.people import KeyRing, Person
from bitmask_studio.sandbox.pictures import PATH as FILES
from bitmask_studio.sandbox.pictures import Pictures
from bitmask_studio.sandbox.requests import Request, RequestLog
from bitmask_studio.sandbox.signatures import Incoming, v1_sender, v2_sender
from bitmask_studio.sandbox.v2 import dispatch
from bitmask_studio.sandbox.world import World

_SILENT = (FaultKind.RESET_BEFORE, FaultKind.HANG)


@dataclass(frozen=True)
class Reply:
    """What goes out: an answer, unless the fault lets nothing go out."""

    answer: Answer | None
    fault: Fault | None = None


class Application:
    """Answers requests; used by many threads at once."""

    def __init__(self, world: World, keys: KeyRing, pictures: Pictures) -> None:
        self.world = world
        self.keys = keys
        self.pictures = pictures
        self.log = RequestLog()
        self.faults = Faults()

    def reply(self, incoming: Incoming) -> Reply:
        """Answer a request, or let a fault strike it."""
        request = self._described(incoming)
        fault = self.faults.take(request)
        request = replace(request, fault=fault.kind.name if fault else None)
        if fault and fault.kind in _SILENT:
            self.log.add(request)
            return Reply(None, fault)
        if fault and fault.kind not in TAKE_EFFECT:
            answer = failed_answer(fault, request.protocol)
            self.log.add(replace(request, status=answer.outcome))
            return Reply(answer, fault)
        answer, user = self._answered(incoming, request.protocol)
        self.log.add(replace(request, status=answer.outcome, user=user))
        if fault and fault.kind is FaultKind.RESET_AFTER:
            return Reply(None, fault)
        return Reply(cut(answer) if fault and fault.kind is FaultKind.CUT_JSON else answer, fault)

    def _described(self, incoming: Incoming) -> Request:
        """What the log says of a request before it is answered."""
        agent = incoming.headers.get("user-agent", "")
        path = incoming.target.partition("?")[0]
        if path in v1.PATHS:
            return _v1_described(incoming, agent)
        if path.startswith(FILES):
            return Request("files", incoming.method, path.removeprefix(FILES), None, False, user_agent=agent)
        return _v2_described(incoming, agent)

    def _answered(self, incoming: Incoming, protocol: str) -> tuple[Answer, str | None]:
        """The answer, and the e-mail of whoever was recognised."""
        if protocol == "files":
            return self.pictures.answer(incoming.target, incoming.headers), None
        refused = v1_refusal if protocol == "v1" else v2_refusal
        user = None
        try:
            person = (v1_sender if protocol == "v1" else v2_sender)(incoming, self.keys)
            user = person.email
            with self.world.lock:
                return (self._v1 if protocol == "v1" else self._v2)(incoming, person), user
        except RefusedError as refusal:
            return refused(refusal), user
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            # What was sent has not the form that the call needs: Encord tells so by its own code, never by a page.
            return refused(invalid(f"The request cannot be understood: {error!r}")), user
        except sqlite3.Error as error:
            return Answer(500, encode({"message": f"The sandbox cannot store anything: {error}."})), user

    def _v1(self, incoming: Incoming, person: Person) -> Answer:
        call = v1.read_call(incoming.body, incoming.headers.get("resourceid", ""))
        return v1_answer(v1.respond(self.world, self.pictures, person, call))

    def _v2(self, incoming: Incoming, person: Person) -> Answer:
        return v2_answer(dispatch.respond(self.world, self.pictures, self.keys, person, incoming))


def _v1_described(incoming: Incoming, agent: str) -> Request:
    try:
        call = v1.read_call(incoming.body, "")
    except RefusedError:
        return Request("v1", incoming.method, "", None, True, user_agent=agent)
    values = {"uid": call.uid, "payload": dict(call.payload)}
    return Request("v1", call.method, call.query_type, values, call.writes, user_agent=agent)


def _v2_described(incoming: Incoming, agent: str) -> Request:
    path = dispatch.path_of(incoming.target)
    try:
        body = json.loads(incoming.body) if incoming.body else None
    except ValueError:
        body = None
    values = {"query": dict(dispatch.query_of(incoming.target)), "body": body}
    return Request("v2", incoming.method, path, values, dispatch.writes(incoming.method, path), user_agent=agent)
