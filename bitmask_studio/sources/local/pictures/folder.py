"""Pictures of an opened folder that no label row speaks of: rows without labels until they are first saved."""

from __future__ import annotations

import json
import mimetypes
import re
import uuid
from collections.abc import Collection, Sequence
from pathlib import Path

from bitmask_studio.core.errors import InputError
from bitmask_studio.core.labels import Frame, LabelRow, RowInfo
from bitmask_studio.core.ontology import ObjectClass
from bitmask_studio.core.text import tr
from bitmask_studio.sources.local.encord_json.file import PICTURES_DATASET
from bitmask_studio.sources.local.encord_json.new_object import api_time
from bitmask_studio.sources.local.pictures.finding import PICTURE_SUFFIXES
from bitmask_studio.sources.local.row_keys import RowKeys
from bitmask_studio.sources.local.watch import Watch
from bitmask_studio.sources.pictures.decode import picture_size

_PICTURE = 1 << 14
"""To open a picture for its size takes about as long as to read so many bytes of labels."""


class PictureFolder:
    """The rows of a folder's own pictures. The data hash follows from the name, so a row's key outlives saves."""

    def __init__(self, folder: Path, spoken_of: Collection[str], keys: RowKeys, watch: Watch | None = None) -> None:
        self.path = folder
        watch = watch or Watch()
        known = {_name(each) for each in spoken_of}
        names = [path.name for path in _pictures(folder) if not known & {path.name.casefold(), path.stem.casefold()}]
        watch.expect(len(names) * _PICTURE)
        watch.begin(len(names) * _PICTURE)
        self._rows: dict[str, RowInfo] = {}
        for name in names:
            info = _info(folder / name, keys)
            self._rows[info.key] = info
            watch.listed(2 * _PICTURE)
        self.classes: tuple[ObjectClass, ...] = ()
        self.pictures: frozenset[str] = frozenset()

    @property
    def infos(self) -> Sequence[RowInfo]:
        return list(self._rows.values())

    def has(self, key: str) -> bool:
        return key in self._rows

    def load(self, key: str) -> LabelRow:
        """The row, without any object. Raises InputError when its picture is gone."""
        info = self._rows[key]
        if not (self.path / info.title).is_file():
            raise InputError(tr("{name} is not in its folder any more.").format(name=info.title))
        return LabelRow(info, (Frame(0, 0, info.title, info.data_hash, info.width, info.height),))

    def remove(self, key: str) -> None:
        """The row has labels in a file now."""
        self._rows.pop(key, None)


def new_row(info: RowInfo, folder: str) -> bytes:
    """The JSON of a label row without labels for a picture, as Encord builds it."""
    now = api_time()
    unit = {
        "data_hash": info.data_hash,
        "data_title": info.title,
        "data_link": "",
        "data_type": mimetypes.guess_type(info.title)[0] or "image/png",
        "data_sequence": 0,
        "width": info.width,
        "height": info.height,
        "labels": {"objects": [], "classifications": []},
    }
    row = {
        "label_hash": str(uuid.uuid4()),
        "branch_name": "main",
        "created_at": now,
        "last_edited_at": now,
        "data_hash": info.data_hash,
        "dataset_hash": PICTURES_DATASET,
        "dataset_title": folder,
        "data_title": info.title,
        "data_type": "image",
        "label_status": "LABEL_IN_PROGRESS",
        "annotation_task_status": "QUEUED",
        "is_shadow_data": False,
        "data_units": {info.data_hash: unit},
        "object_answers": {},
        "classification_answers": {},
        "object_actions": {},
        "spaces": {},
    }
    return json.dumps(row, indent=1).encode()


def _pictures(folder: Path) -> list[Path]:
    try:
        found = [path for path in folder.iterdir() if path.suffix.lower() in PICTURE_SUFFIXES and path.is_file()]
    except OSError:
        return []
    return sorted((path for path in found if not path.name.startswith(".")), key=lambda path: _natural(path.name))


def _natural(name: str) -> list[tuple[int, str]]:
    """Order in which picture 10 comes after picture 9."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return [(int(part), "") if part.isdecimal() and len(part) < 19 else (-1, part) for part in parts]


def _info(path: Path, keys: RowKeys) -> RowInfo:
    data_hash = str(uuid.uuid5(uuid.NAMESPACE_URL, f"bitmask-studio:picture:{path.name}"))
    size = picture_size(path)
    width, height = size or (0, 0)
    reason = (
        None if size else tr("{name} is damaged, or no picture of a kind that can be shown.").format(name=path.name)
    )
    key = keys.take(("", data_hash, path.name))
    return RowInfo(key, None, data_hash, path.name, "image", 1, width, height, 0, 0, reason)


def _name(spoken: str) -> str:
    return re.split(r"[\\/]", spoken)[-1].casefold()
