"""An Encord-compatible server on loopback: the demo, and what the tests run the real SDK against."""

from bitmask_studio.sandbox.faults import Fault, FaultKind, Faults
from bitmask_studio.sandbox.requests import Request
from bitmask_studio.sandbox.running import Sandbox
from bitmask_studio.sandbox.store import Version

__all__ = ["Fault", "FaultKind", "Faults", "Request", "Sandbox", "Version"]
