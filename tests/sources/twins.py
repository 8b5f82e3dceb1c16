"""Made-up label rows of every shape that real exports have, small enough to look through."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import LabelRow, MaskKey, RowChanges
from bitmask_studio.core.mask import EMPTY_MASK, Mask

WIDTH, HEIGHT = 40, 30
Json = dict[str, Any]


def block(x: int, y: int, width: int = 6, height: int = 5) -> Mask:
    """A filled rectangle."""
    return Mask(Box(x, y, x + width, y + height), np.ones((height, width), bool))


def bitmask(mask: Mask, width: int = WIDTH, height: int = HEIGHT, top: int = 0, left: int = 0) -> Json:
    return {
        "rleString": mask.to_rle(height, width, top, left),
        "top": top,
        "left": left,
        "width": width,
        "height": height,
    }


def an_object(object_hash: str, shape: str = "bitmask", **geometry: object) -> Json:
    return {
        "featureHash": f"f-{shape}",
        "objectHash": object_hash,
        "name": f"a {shape}",
        "value": f"a_{shape}",
        "color": "#FCDC00",
        "shape": shape,
        "confidence": 1,
        "createdBy": "annotator@example.invalid",
        "createdAt": "Fri, 01 Dec 2023 10:45:50 GMT",
        **geometry,
        "manualAnnotation": True,
    }


def a_mask_object(object_hash: str, x: int = 3, y: int = 2) -> Json:
    return an_object(object_hash, bitmask=bitmask(block(x, y)))


def a_box(object_hash: str) -> Json:
    return an_object(object_hash, "bounding_box", boundingBox={"x": 0.1, "y": 0.2, "w": 0.5, "h": 0.25})


def frame_labels(*objects: Json) -> Json:
    return {"objects": list(objects), "classifications": []}


def a_unit(data_hash: str, labels: Json, **more: object) -> Json:
    return {
        "data_hash": data_hash,
        "data_title": f"{data_hash}.png",
        "data_link": f"bucket/{data_hash}",
        "data_type": "image/png",
        "data_sequence": 0,
        "width": WIDTH,
        "height": HEIGHT,
        "labels": labels,
        **more,
    }


def a_row(name: str, data_type: str, units: Sequence[Json], **more: object) -> Json:
    hashes = sorted(
        {each["objectHash"] for each in objects_of({"data_units": {str(n): u for n, u in enumerate(units)}})}
    )
    return {
        "label_hash": f"label-{name}",
        "created_at": "2023-12-01T10:29:57.901639+00:00",
        "last_edited_at": "2023-12-01T10:40:52.936914+00:00",
        "data_title": f"{name} title",
        "data_hash": f"data-{name}",
        "data_type": data_type,
        "data_units": {unit["data_hash"]: unit for unit in units},
        "object_answers": {each: {"objectHash": each, "classifications": []} for each in hashes},
        "classification_answers": {},
        "object_actions": {each: {"objectHash": each, "actions": []} for each in hashes[:1]},
        "spaces": {},
        "label_status": "LABEL_IN_PROGRESS",
    } | more


def objects_of(row: Mapping[str, Any]) -> list[Json]:
    """Every object of a row, wherever its labels are."""
    found: list[Json] = []
    for unit in [*row.get("data_units", {}).values(), *row.get("spaces", {}).values()]:
        labels = unit.get("labels", {})
        frames = [labels] if "objects" in labels else list(labels.values())
        found += [each for frame in frames for each in frame["objects"]]
    return found


def image_row(name: str = "image") -> Json:
    return a_row(name, "image", [a_unit(f"unit-{name}", frame_labels(a_mask_object(f"{name}-1"), a_box(f"{name}-2")))])


def keyed_image_row(name: str = "keyed") -> Json:
    labels = {"0": frame_labels(a_mask_object(f"{name}/1+"), a_mask_object(f"{name}-2", 20, 9))}
    return a_row(name, "image", [a_unit(f"unit-{name}", labels)])


def group_row(name: str = "group") -> Json:
    """An image group whose units do not stand in their order, the second without labels."""
    units = [
        a_unit(f"unit-{name}-b", frame_labels(), data_sequence="1"),
        a_unit(f"unit-{name}-a", frame_labels(a_mask_object(f"{name}-1")), data_sequence="0"),
    ]
    return a_row(name, "img_group", units)


def video_row(name: str = "video", seconds: float = 0.4) -> Json:
    """A video of 10 frames with labels on frames 1 and 3, the same object on both."""
    labels = {
        "1": frame_labels(a_mask_object(f"{name}-1"), a_box(f"{name}-2")),
        "3": frame_labels(a_mask_object(f"{name}-1", 9, 9)),
    }
    unit = a_unit(f"unit-{name}", labels, data_type="video/mp4", data_fps=25.0, data_duration=seconds)
    return a_row(name, "video", [unit])


def dicom_row(name: str = "dicom") -> Json:
    slices = {"metadata": {"width": WIDTH, "height": HEIGHT, "file_uri": "x"}}
    labels = {"0": frame_labels(a_mask_object(f"{name}-1")) | slices, "1": frame_labels() | slices}
    return a_row(name, "dicom", [a_unit(f"unit-{name}", labels, data_type="application/dicom", data_links=["a", "b"])])


def nifti_row(name: str = "nifti") -> Json:
    return a_row(name, "nifti", [a_unit(f"unit-{name}", {"7": frame_labels(a_mask_object(f"{name}-1"))})])


def data_group_row(name: str = "spaces") -> Json:
    """A data group of two pictures."""
    spaces = {
        "space-1": _space("front", frame_labels(a_mask_object(f"{name}-1"))),
        "space-2": _space("back", frame_labels(a_box(f"{name}-2"))),
    }
    unit = {"data_hash": f"unit-{name}", "data_title": "", "data_type": "group", "data_sequence": 0}
    row = a_row(name, "group", [unit | {"labels": frame_labels()}], spaces=spaces)
    return row | {
        "object_answers": {f"{name}-{n}": {"objectHash": f"{name}-{n}", "classifications": []} for n in (1, 2)}
    }


def _space(layout_key: str, labels: Json) -> Json:
    child = {"layout_key": layout_key, "file_name": f"{layout_key}.png"}
    return {"space_type": "image", "width": WIDTH, "height": HEIGHT, "child_info": child, "labels": {"0": labels}}


ROWS: Mapping[str, Callable[[], Json]] = {
    "image": image_row,
    "keyed image": keyed_image_row,
    "image group": group_row,
    "video": video_row,
    "dicom": dicom_row,
    "nifti": nifti_row,
    "data group": data_group_row,
}


def all_rows() -> list[Json]:
    return [make() for make in ROWS.values()]


def _indented(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


STYLES: Mapping[str, Callable[[object], bytes]] = {
    "indented": _indented,
    "by four": lambda value: json.dumps(value, indent=4).encode() + b"\n",
    "tabs": lambda value: json.dumps(value, indent="\t").encode(),
    "on one line": lambda value: json.dumps(value).encode(),
    "compact": lambda value: json.dumps(value, separators=(",", ":")).encode(),
    "with a BOM": lambda value: b"\xef\xbb\xbf" + _indented(value),
    "with CRLF": lambda value: _indented(value).replace(b"\n", b"\r\n"),
}


def write_json(path: Path, value: object, style: str = "indented") -> Path:
    path.write_bytes(STYLES[style](value))
    return path


def write_picture(path: Path, width: int = WIDTH, height: int = HEIGHT) -> Path:
    """A picture with a gradient, so that turning it shows."""
    rows, columns = np.mgrid[0:height, 0:width]
    pixels = np.stack([rows * 8 % 256, columns * 6 % 256, (rows + columns) % 256], axis=-1).astype(np.uint8)
    assert cv2.imwrite(str(path), pixels)
    return path


def coco(images: int = 2) -> Json:
    """A COCO file with compressed, uncompressed, polygon and box annotations."""
    down = block(2, 3).to_array(HEIGHT, WIDTH)
    flat = np.flatnonzero(np.diff(down.ravel(order="F").astype(np.int8), prepend=0, append=0))
    counts = np.diff(flat, prepend=0, append=down.size).tolist()
    return {
        "info": {},
        "images": [{"id": n, "file_name": f"{n}.png", "width": WIDTH, "height": HEIGHT} for n in range(1, images + 1)],
        "categories": [{"id": 7, "name": "leaf"}],
        "annotations": [
            {"id": 11, "image_id": 1, "category_id": 7, "segmentation": {"size": [HEIGHT, WIDTH], "counts": counts}},
            {"id": 12, "image_id": 1, "category_id": 7, "segmentation": [[4, 4, 20, 4, 20, 16, 4, 16]]},
            {"image_id": 2, "category_id": 7, "segmentation": [], "bbox": [1, 2, 3, 4]},
        ],
    }


def masks_of(row: LabelRow) -> dict[MaskKey, Mask]:
    """Every sound bitmask of a row, decoded."""
    return {
        MaskKey(frame.position, each.object_hash): Mask.from_rle(
            each.bitmask.rle_string, each.bitmask.height, each.bitmask.width, each.bitmask.top, each.bitmask.left
        )
        for frame in row.frames
        for each in frame.objects
        if each.bitmask and not each.damage
    }


def edit(row: LabelRow, mask: Mask = EMPTY_MASK, only: MaskKey | None = None) -> RowChanges:
    """Changes that give every mask of a row, or only one, other pixels."""
    keys = [only] if only else list(masks_of(row))
    return RowChanges(row, dict.fromkeys(keys, mask))
