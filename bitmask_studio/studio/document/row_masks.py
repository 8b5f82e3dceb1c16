"""The masks of an opened row by key: decoded when first asked for, awaited, edited, forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping

from bitmask_studio.core.labels import Bitmask, MaskKey
from bitmask_studio.core.mask import EMPTY_MASK, Mask
from bitmask_studio.studio.document.decoding import Decoded, decode
from bitmask_studio.studio.document.row_objects import RowObjects


class RowMasks:
    """Pixels as they are now, beside those that are stored."""

    def __init__(self, objects: RowObjects) -> None:
        self._objects = objects
        self.known: dict[MaskKey, Mask] = {}
        """Those that are decoded or were edited; `keep_only` puts another table in its place."""
        self._stored: dict[MaskKey, Mask] = {}
        """What touched masks were as decoded: those made from them by edits are compared with them at little cost."""
        self._damage: dict[MaskKey, str] = {}
        self._awaited: Counter[int] = Counter()
        """Frames whose masks are being decoded for us, and by how many."""

    def get(self, key: MaskKey) -> Mask:
        """The object's pixels as they are now; empty where its stored mask is damaged."""
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._decode(key)
        return found

    def put(self, key: MaskKey, mask: Mask) -> None:
        """Make these the object's pixels."""
        self.known[key] = mask

    def stored(self, key: MaskKey) -> Mask:
        """The object's pixels as the row has them."""
        if key not in self._stored:
            self._stored[key] = self._decode(key)
        return self._stored[key]

    def note_stored(self, key: MaskKey) -> None:
        """Say that the object's pixels are still as the row has them, before they are edited."""
        if key in self.known:
            self._stored[key] = self.known[key]

    def differs(self, key: MaskKey) -> bool:
        """Whether any pixel differs from what is stored."""
        return not self.get(key).same_as(self.stored(key))

    def undecoded(self, position: int) -> dict[MaskKey, Bitmask]:
        """The stored masks of a frame that nobody has asked for yet, bottom first."""
        stored = self._stored_on(position)
        keys = (MaskKey(position, each.object_hash) for each in self._objects.on(position) if each.is_bitmask)
        missing = (key for key in keys if key not in self.known)
        return {key: found for key in missing if (found := stored.get(key.object_hash))}

    def take_decoded(self, position: int, decoded: Mapping[MaskKey, Decoded]) -> None:
        """Take masks that were decoded elsewhere, but for those that are known or stored anew by now."""
        stored = self._stored_on(position)
        for key, each in decoded.items():
            if key not in self.known and stored.get(key.object_hash) == each.stored:
                self.known[key] = each.mask
                self._note_damage(key, each)

    def await_frame(self, position: int) -> None:
        self._awaited[position] += 1

    def end_awaiting(self, position: int) -> bool:
        """Whether nobody decodes masks of the frame any more."""
        self._awaited[position] -= 1
        if self._awaited[position]:
            return False
        del self._awaited[position]
        return True

    def is_awaited(self, key: MaskKey) -> bool:
        return key.frame in self._awaited and key not in self.known

    def damage(self, key: MaskKey) -> str | None:
        """Why the stored mask cannot be shown; None when it can, or while it is awaited."""
        info = self._objects.find(key)
        if info is None or not info.is_bitmask or info.damage:
            return info.damage if info else None
        if not self.is_awaited(key):
            self.get(key)
        return self._damage.get(key)

    def is_damaged(self, key: MaskKey) -> bool:
        """Whether decoding the mask has failed."""
        return key in self._damage

    def forget(self, position: int, but: Container[MaskKey]) -> None:
        """Let go of the masks of a frame, apart from some."""
        for each in self._objects.on(position):
            key = MaskKey(position, each.object_hash)
            if key not in but:
                self.known.pop(key, None)
                self._damage.pop(key, None)

    def keep_only(self, keys: Container[MaskKey]) -> None:
        """Let go of all other masks, and of what was stored: the row is another one."""
        self.known = {key: mask for key, mask in self.known.items() if key in keys}
        self._damage = {key: text for key, text in self._damage.items() if key in keys}
        self._stored = {}

    def _decode(self, key: MaskKey) -> Mask:
        stored = self._objects.row.bitmask(key)
        if stored is None:
            return EMPTY_MASK
        found = decode(stored)
        self._note_damage(key, found)
        return found.mask

    def _note_damage(self, key: MaskKey, decoded: Decoded) -> None:
        if decoded.damage is not None:
            self._damage[key] = decoded.damage

    def _stored_on(self, position: int) -> dict[str, Bitmask | None]:
        """The stored masks of a frame by object hash, the lowest of several."""
        return {each.object_hash: each.bitmask for each in reversed(self._objects.row.frames[position].objects)}
