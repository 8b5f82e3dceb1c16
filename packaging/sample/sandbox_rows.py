"""Writes what the sandbox adds to the sample: `python packaging/sample/sandbox_rows.py [FOLDER]`."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bitmask_studio.core.mask import Mask

Json = dict[str, Any]

_ROOT = Path(__file__).resolve().parents[2]
_VIDEO = "regatta.mp4"
_PICTURE = "pier.jpg"
_UNOPENED = ("regatta-morning.jpg", "regatta-evening.jpg")
_DATASET = "Harbour camera"
_ANNOTATOR, _COLLEAGUE = "annotator@bitmask-studio.invalid", "colleague@bitmask-studio.invalid"
_EARLY, _LATE = "Wed, 15 Jan 2025 08:30:00 UTC", "Wed, 15 Jan 2025 11:45:20 UTC"
_CHEST = 128


def write(folder: Path) -> None:
    """Write video, pictures, ontology.json, labels.json and additions.json."""
    from sample import sandbox_scene as scene
    from sample.sandbox_ontology import sandbox_structure

    folder.mkdir(parents=True, exist_ok=True)
    _write_video(folder / _VIDEO)
    _write_picture(folder / _PICTURE, scene.draw(7))
    for name, light in zip(_UNOPENED, (scene.MORNING, scene.EVENING), strict=True):
        _write_picture(folder / name, scene.draw(3, light))
    _write_json(folder / "ontology.json", sandbox_structure())
    _write_json(folder / "labels.json", [_video(), _group(), _dicom(), *_unopened()])
    _write_json(folder / "additions.json", _additions(_ROOT / "resources" / "sample" / "labels.json"))


def _write_video(path: Path) -> None:
    import cv2

    from sample import sandbox_scene as scene

    size = (scene.WIDTH, scene.HEIGHT)
    video = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), scene.FRAMES_PER_SECOND, size)
    for frame in range(scene.FRAMES):
        video.write(scene.draw(frame))
    video.release()


def _write_picture(path: Path, pixels: NDArray[np.uint8]) -> None:
    import cv2

    path.write_bytes(cv2.imencode(path.suffix, pixels, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes())


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _uuid(*path: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("https://bitmask-studio.invalid/sandbox", *path))))


def _row(title: str, data_type: str, unit: Json, **more: object) -> Json:
    data_hash = _uuid("data", title)
    unit = {"data_hash": data_hash, "data_title": title, "data_sequence": 0, **unit}
    return {
        "label_hash": _uuid("label", title),
        "branch_name": "main",
        "created_at": _EARLY,
        "last_edited_at": _LATE,
        "data_hash": data_hash,
        "dataset_hash": _uuid("dataset", _DATASET),
        "dataset_title": _DATASET,
        "data_title": title,
        "data_type": data_type,
        "label_status": "LABEL_IN_PROGRESS",
        "is_shadow_data": False,
        "is_valid": True,
        "data_units": {data_hash: unit},
        "object_answers": {},
        "object_actions": {},
        "classification_answers": {},
        "spaces": {},
        **more,
    }


def _object(hash_: str, title: str, shape: str, geometry: Mapping[str, Any]) -> Json:
    from sample.classes import value_of
    from sample.sandbox_ontology import sandbox_structure

    entry = next(each for each in sandbox_structure()["objects"] if each["name"] == title)
    return {
        "objectHash": hash_,
        "featureHash": entry["featureNodeHash"],
        "name": title,
        "color": entry["color"],
        "shape": shape,
        "value": value_of(title),
        "createdAt": _EARLY,
        "createdBy": _ANNOTATOR,
        "lastEditedAt": _LATE,
        "lastEditedBy": _COLLEAGUE,
        "confidence": 1.0,
        "manualAnnotation": True,
        **geometry,
    }


def _bitmask(mask: Mask, height: int, width: int) -> Json:
    rle_string = mask.to_rle(height, width)
    return {"bitmask": {"top": 0, "left": 0, "height": height, "width": width, "rleString": rle_string}}


def _boat(hash_: str, number: int, frame: int) -> Json:
    from sample import sandbox_scene as scene

    mask = scene.mask_of(scene.CRAFTS[number], frame)
    return _object(hash_, "Boat", "bitmask", _bitmask(mask, scene.HEIGHT, scene.WIDTH))


def _buoy(hash_: str) -> Json:
    from sample import sandbox_scene as scene

    x, y, radius = scene.BUOY
    box = {"x": x - radius, "y": y - radius, "w": 2 * radius, "h": 2 * radius}
    sizes = {"x": scene.WIDTH, "y": scene.HEIGHT, "w": scene.WIDTH, "h": scene.HEIGHT}
    return _object(
        hash_, "Buoy", "bounding_box", {"boundingBox": {name: round(box[name] / sizes[name], 4) for name in box}}
    )


def _frames() -> Json:
    """The video's labels: the near boat with a gap, the far one in the middle, the buoy in the first third."""
    labels: Json = {}
    for frame in range(24):
        objects = [_boat("Re9atta1", 0, frame)] if frame < 10 or 14 <= frame < 20 else []
        objects += [_boat("Far/Bo+t", 1, frame)] if 6 <= frame < 18 else []
        objects += [_buoy("B0xBu0y/")] if frame < 8 else []
        if objects:
            labels[str(frame)] = {"objects": objects, "classifications": []}
    return labels


def _video() -> Json:
    from sample.sandbox_ontology import answer

    heading = {"dynamic": True, "range": [[0, 9], [14, 19]], "shouldPropagate": True}
    return _row(
        _VIDEO,
        "video",
        {"data_link": f"sandbox/{_VIDEO}", "data_type": "video/mp4", **_film(), "labels": _frames()},
        object_answers={
            "Re9atta1": _answered(
                "Re9atta1", 1, [answer("Boat", "Name on the hull", "Möwe"), answer("Boat", "Crew", 3)]
            ),
            "Far/Bo+t": _answered("Far/Bo+t", 2, [answer("Boat", "Equipment", ["Fenders", "Flag"])]),
            "B0xBu0y/": _answered("B0xBu0y/", 1, []),
        },
        object_actions={
            "Re9atta1": {
                "objectHash": "Re9atta1",
                "actions": [{**answer("Boat", "Heading", ["To the right"]), **heading}],
            }
        },
    )


def _film() -> Json:
    from sample import sandbox_scene as scene

    seconds = scene.FRAMES / scene.FRAMES_PER_SECOND
    size = {"width": scene.WIDTH, "height": scene.HEIGHT}
    return {"data_fps": float(scene.FRAMES_PER_SECOND), "data_duration": seconds, **size}


def _answered(hash_: str, number: int, answers: list[Json]) -> Json:
    return {"objectHash": hash_, "objectNumber": number, "classifications": answers}


def _group() -> Json:
    from sample import sandbox_scene as scene

    title = "Pier cameras"
    pontoon = {"x": 0.1, "y": 0.72, "w": 0.3, "h": 0.08, "theta": 12.0}
    ring = {"x": 0.85, "y": 0.8, "rx": 0.03, "ry": 0.05, "theta": 20.0}
    still = [
        _boat("Gr0upPi1", 0, 7),
        _object("Gr0upPi2", "Pontoon", "rotatable_bounding_box", {"rotatableBoundingBox": pontoon}),
        _object("Gr0upPi3", "Lifebuoy", "ellipse", {"ellipse": ring}),
    ]
    moving = {str(frame): {"objects": [_boat("Gr0upVi1", 1, frame)], "classifications": []} for frame in (6, 7, 8, 12)}
    size = {"width": scene.WIDTH, "height": scene.HEIGHT}
    spaces = {
        _uuid("space", "pier"): {
            "space_type": "image",
            **size,
            "child_info": {"layout_key": "pier", "file_name": _PICTURE, "data_link": f"sandbox/{_PICTURE}"},
            "labels": {"0": {"objects": still, "classifications": []}},
        },
        _uuid("space", "regatta"): {
            "space_type": "video",
            "number_of_frames": scene.FRAMES,
            **_film(),
            "child_info": {"layout_key": "regatta", "file_name": _VIDEO, "data_link": f"sandbox/{_VIDEO}"},
            "labels": moving,
        },
    }
    return _row(
        title,
        "group",
        {"data_type": "group", "labels": {"objects": [], "classifications": []}},
        spaces=spaces,
        object_answers={
            hash_: _answered(hash_, number, [])
            for hash_, number in (("Gr0upPi1", 1), ("Gr0upPi2", 1), ("Gr0upPi3", 1), ("Gr0upVi1", 2))
        },
    )


def _dicom() -> Json:
    import numpy as np

    from bitmask_studio.core.geometry import Box
    from bitmask_studio.core.mask import Mask

    rows, columns = np.ogrid[:_CHEST, :_CHEST]
    lesion = Mask.of(Box.of_size(_CHEST, _CHEST), (rows - 60) ** 2 + (columns - 70) ** 2 < 15**2)
    shown = _object("Dic0mLe1", "Lesion", "bitmask", _bitmask(lesion, _CHEST, _CHEST))
    links = [f"sandbox/chest-{number}.dcm" for number in range(3)]
    uids = {"patient_id": "NOID", "study_uid": "1.2.3.4", "series_uid": "1.2.3.4.5"}
    return _row(
        "Chest CT",
        "dicom",
        {
            "data_type": "application/dicom",
            "data_links": links,
            "metadata": uids,
            "width": _CHEST,
            "height": _CHEST,
            "labels": {"1": {"objects": [shown], "classifications": []}},
        },
        object_answers={"Dic0mLe1": _answered("Dic0mLe1", 1, [])},
    )


def _unopened() -> Iterable[Json]:
    """Rows that nobody has opened: two pictures and a video."""
    from sample import sandbox_scene as scene

    size = {"width": scene.WIDTH, "height": scene.HEIGHT}
    for name in _UNOPENED:
        yield _row(name, "image", {"data_link": f"sandbox/{name}", "data_type": "image/jpeg", **size}, label_hash=None)
    film = {"data_link": f"sandbox/{_VIDEO}", "data_type": "video/mp4", **_film()}
    yield _row("regatta, second heat.mp4", "video", film, label_hash=None)


def _additions(sample: Path) -> list[Json]:
    """What the sandbox adds to rows of the sample: answers about the harbour, an archived object on the village."""
    harbour, _, village, *_ = json.loads(sample.read_text(encoding="utf-8"))
    return [_about_harbour(harbour), _about_village(village)]


def _about_harbour(harbour: Json) -> Json:
    from sample.sandbox_ontology import answer, classification

    unit = next(iter(harbour["data_units"].values()))
    boats = [each["objectHash"] for each in unit["labels"]["objects"] if each["name"] == "Boat"]
    times = {"createdBy": _ANNOTATOR, "createdAt": _EARLY, "lastEditedBy": _COLLEAGUE, "lastEditedAt": _LATE}
    found = [classification("Visibility", ["Clear"], times), classification("Remarks", "Low sun, long shadows", times)]
    return {
        "label_hash": harbour["label_hash"],
        "objects": [],
        "object_answers": {
            boats[0]: [answer("Boat", "Equipment", ["Flag"]), answer("Boat", "Name on the hull", "Albatros")],
            boats[1]: [answer("Boat", "Crew", 2), answer("Boat", "Equipment", ["Fenders", "Lifebelt"])],
        },
        "classification_answers": {each["classificationHash"]: each for each in found},
    }


def _about_village(village: Json) -> Json:
    import numpy as np

    from bitmask_studio.core.geometry import Box
    from bitmask_studio.core.mask import Mask

    unit = next(iter(village["data_units"].values()))
    square = Mask.of(Box(40, 40, 120, 120), np.ones((80, 80), np.bool_))
    mark = _object("01dMark+", "Old mark", "bitmask", _bitmask(square, unit["height"], unit["width"]))
    return {
        "label_hash": village["label_hash"],
        "objects": [mark],
        "object_answers": {"01dMark+": []},
        "classification_answers": {},
    }


if __name__ == "__main__":
    sys.path[:0] = [str(_ROOT), str(_ROOT / "packaging")]
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else _ROOT / "resources" / "sandbox")
