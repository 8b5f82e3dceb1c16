"""Draw the sample project and write it to resources/sample: `python packaging/sample [FOLDER]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ROOT = Path(__file__).resolve().parents[2]


def write(folder: Path) -> None:
    """Write every picture, labels.json and ontology.json."""
    from sample import aerial, cells, conveyor, harbour, meadow
    from sample.classes import structure
    from sample.rows import label_row

    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for module in (harbour, cells, aerial, conveyor, meadow):
        scene = module.draw()
        for picture in scene.pictures:
            _write_picture(folder / picture.file_name, picture.pixels)
        rows.append(label_row(scene))
        print(scene.title)
    _write_json(folder / "labels.json", rows)
    _write_json(folder / "ontology.json", structure())


def _write_picture(path: Path, pixels: NDArray[np.uint8]) -> None:
    import cv2

    settings = [cv2.IMWRITE_JPEG_QUALITY, 89, cv2.IMWRITE_JPEG_OPTIMIZE, 1] if path.suffix == ".jpg" else []
    path.write_bytes(cv2.imencode(path.suffix, pixels[..., ::-1], settings)[1].tobytes())


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.path[:0] = [str(_ROOT), str(_ROOT / "packaging")]
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else _ROOT / "resources" / "sample")
