"""REST calls about storage items: the files behind rows, which nobody has to open a label row for."""

from __future__ import annotations

from bitmask_studio.sandbox.answers import RefusedError, encode, not_found
from bitmask_studio.sandbox.people import YOU
from bitmask_studio.sandbox.rows import Row, Unit, stable_uuid
from bitmask_studio.sandbox.v2.routes import Route, V2Call, asking, get
from bitmask_studio.sandbox.wire import Json, iso_time

_TYPES = {"img_group": "imageGroup", "dicom": "dicomSeries", "plain_text": "plainText", "time_series": "timeseries"}
_COMPOSITE = ("img_group", "dicom", "group", "scene")


def folder_of(row: Row) -> str:
    """The storage folder of a row's files: one for each dataset."""
    return stable_uuid("folder", row.dataset_hash)


def _one(call: V2Call) -> Json:
    return _found(call, call.path["item"], call.true("signUrl"))


def _bulk(call: V2Call) -> Json:
    signed = bool(call.fields.get("signUrls"))
    return {"results": [_found(call, str(item), signed) for item in call.fields["itemUuids"]], "nextPageToken": None}


def _children(call: V2Call) -> Json:
    row, unit = _lookup(call, call.path["item"])
    children = row.files if unit is None and row.data_type in ("img_group", "group") else ()
    return call.page([_item(call, row, each, call.true("signUrls")) for each in children])


def _found(call: V2Call, item: str, signed: bool) -> Json:
    row, unit = _lookup(call, item)
    return _item(call, row, unit, signed)


def _lookup(call: V2Call, item: str) -> tuple[Row, Unit | None]:
    found = call.world.item(item)
    if found is None:
        raise not_found("storage item of this UUID")
    if call.world.projects[found[0].project_hash].role_of(call.person) is None:
        raise RefusedError("AUTHORISATION_ERROR", "You may not see this storage item.")
    return found


def _item(call: V2Call, row: Row, unit: Unit | None, signed: bool) -> Json:
    composite = unit is None and row.data_type in _COMPOSITE
    shown = unit or row.units[0]
    video = row.data_type == "video"
    path = call.pictures.file_of(shown)
    return {
        "uuid": unit.item_uuid if unit else row.item_uuid,
        "parent": folder_of(row),
        "itemType": unit.mime.partition("/")[0] if unit else _TYPES.get(row.data_type, row.data_type),
        "name": unit.title if unit else row.title,
        "description": "",
        "clientMetadata": encode(row.client_metadata or {}).decode(),
        "owner": YOU.email,
        "createdAt": iso_time(row.task_created_at),
        "lastEditedAt": iso_time(row.task_created_at),
        "isTombstone": False,
        "isPlaceholder": False,
        "backedDataUnitsCount": 1,
        "storageLocation": "encord",
        "integrationHash": None,
        "url": None if composite else shown.link,
        "signedUrl": call.pictures.url_of(shown) if signed and not composite else None,
        "fileSize": path.stat().st_size if path and not composite else None,
        "mimeType": None if composite else shown.mime,
        "duration": row.duration if video else None,
        "fps": row.fps if video else None,
        "height": None if composite else shown.height,
        "width": None if composite else shown.width,
        **dict.fromkeys(("dicomInstanceUid", "dicomStudyUid", "dicomSeriesUid")),
        "frameCount": row.frames if video else None,
        **dict.fromkeys(("audioSampleRate", "audioBitDepth", "audioCodec", "audioNumChannels")),
    }


ROUTES: tuple[Route, ...] = (
    get("storage/items/{item}", _one),
    asking("storage/items/get-bulk", _bulk),
    get("storage/folders/{folder}/items/{item}/child-items", _children),
)
