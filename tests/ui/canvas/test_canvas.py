"""What the canvas shows, pixel by pixel, and how little it does to show it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from bitmask_studio.core.brush_shape import BrushShape
from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.tiles import Work
from bitmask_studio.ui.canvas import surface
from tests.ui.canvas_proof import CORNERS, wrong
from tests.ui.desk import SHIFT, Desk
from tests.ui.label_files import HEIGHT, WIDTH, block, picture, write_image
from tests.ui.rendering import Bits

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("zoom", "x", "y"), CORNERS)
async def test_the_canvas_shows_picture_and_masks_as_defined(
    desk: Desk, project: Path, zoom: float, x: int, y: int
) -> None:
    await desk.open(project)
    desk.look_at(zoom, x, y)
    assert desk.canvas.viewport.zoom == zoom
    assert not wrong(desk, picture()).any()
    await desk.keys("Down")
    desk.look_at(zoom, x, y)
    assert not wrong(desk, picture()).any()


@pytest.mark.parametrize("scale", ["1.25", "1.5", "2"])
def test_the_canvas_is_exact_on_scaled_screens(project: Path, scale: str) -> None:
    environment = os.environ | {"QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.ui.canvas_proof", str(project)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == ([str(float(scale)), "0"], "")


@pytest.mark.parametrize("size", [(1, 1), (16000, 100), (100, 9000), (257, 511)])
async def test_pictures_of_any_shape_are_shown_whole(desk: Desk, tmp_path: Path, size: tuple[int, int]) -> None:
    bits = np.zeros((size[1], size[0]), np.bool_)
    bits[size[1] // 3 :, : size[0] // 2 + 1] = True
    await desk.open(write_image(tmp_path, {"objA": bits}, picture(*size)))
    assert not wrong(desk, picture(*size)).any()
    desk.look_at(8.0, 100 - 8 * size[0], 200 - 8 * size[1])
    assert not wrong(desk, picture(*size)).any()


async def test_masks_without_a_picture_lie_on_gray(desk: Desk, tmp_path: Path) -> None:
    await desk.open(write_image(tmp_path, {"objA": block(10, 10)}, None))
    desk.look_at(4.0, 100, 100)
    assert not wrong(desk, None)[:400].any()  # below is the note that says why


async def test_a_frame_without_objects_is_its_picture(desk: Desk, project: Path) -> None:
    await desk.open(project, row="bare.png")
    assert not wrong(desk, picture(seed=3)).any()


async def test_three_hundred_objects_are_drawn_in_the_files_order(desk: Desk, tmp_path: Path) -> None:
    masks = {f"obj{n:03}": block(3 * (n % 17), 2 * (n // 17)) for n in range(300)}
    await desk.open(write_image(tmp_path, masks, picture()))
    desk.window.resize(760, 480)
    desk.look_at(2.0, 40, 30)
    assert not wrong(desk, picture()).any()


Deed = Callable[[Desk], object]


def paint(desk: Desk) -> None:
    desk.stroke((20.5, 9.5), (34, 31), (50, 12))


DEEDS: dict[str, tuple[Deed | str, ...]] = {
    "a stroke": (paint,),
    "a stroke over another object's": (lambda desk: desk.stroke((25, 24), (45, 28)),),
    "erasing": (lambda desk: desk.stroke((6, 9), (14, 9), keys=Qt.KeyboardModifier.ControlModifier),),
    "undo": (paint, "Ctrl+Z"),
    "redo": (paint, "Ctrl+Z", "Ctrl+Shift+Z"),
    "a straight line": (paint, lambda desk: desk.stroke((5, 40), keys=SHIFT)),
    "a stroke that is given up": (lambda desk: desk.press((20, 20)), lambda desk: desk.move((40, 30)), "Esc"),
    "choosing": ("Down",),
    "choosing nothing": ("Esc",),
    "hiding": ("Ctrl+H",),
    "hiding and showing": ("Ctrl+H", "Down", "Ctrl+H", "Up", "Ctrl+H"),
    "locking": ("Ctrl+L",),
    "hiding the others": ("Shift+V", "Down"),
    "hiding the others and going back": ("Shift+V", "Down", "Shift+V"),
    "outlines": ("Z", paint),
    "outlines and back": ("Z", paint, "Z"),
    "other opacities": ("Alt+Up", "Alt+Up", paint, "Alt+Down"),
    "colours of objects": ("Ctrl+Shift+C", paint),
    "a new object": ("M", paint),
    "a new object taken back": ("M", paint, "Ctrl+Z"),
    "deleting": ("Del",),
    "deleting and undo": ("Del", "Ctrl+Z"),
    "peeking at it": (paint, lambda desk: desk.hold(Qt.Key.Key_V), lambda desk: desk.let_go(Qt.Key.Key_V)),
    "saving": (paint, "Ctrl+S", paint),
    "going away and back": (paint, "PgDown", "PgUp"),
    "another frame": ("PgDown", paint, "Right", paint),
    "a frame of another size and back": ("PgDown", "Right", "Right", paint, "Left"),
    "undo across frames": ("PgDown", paint, "Right", "Ctrl+Z"),
    "zooming and back": ("Ctrl+1", paint, "Ctrl+0"),
}


@pytest.mark.parametrize("deeds", DEEDS.values(), ids=DEEDS)
@pytest.mark.parametrize("zoom", [5.0, 64 / 100])
async def test_a_mended_canvas_equals_a_fresh_one(
    desk: Desk, project: Path, deeds: tuple[Deed | str, ...], zoom: float
) -> None:
    await desk.open(project)
    desk.look_at(zoom, 40, 30)
    desk.pixels()
    for deed in deeds:
        if isinstance(deed, str):
            await desk.keys(deed)
        else:
            deed(desk)
        desk.point_away()
        desk.pixels()
    mended = desk.pixels()
    desk.studio.picture_changed.emit()
    assert (desk.pixels() == mended).all()


async def test_what_is_drawn_in_several_repaints_ends_the_same(
    desk: Desk, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open(project)
    desk.look_at(16.0, 0, 0)
    whole = desk.pixels()
    desk.look_at(2.0, 0, 0)
    monkeypatch.setattr(surface, "PAINT_BUDGET", 1e-5)
    desk.look_at(16.0, 0, 0)
    while (desk.pixels() != whole).any():  # the suite's time limit is the limit
        await desk.settle()


@contextmanager
def work(desk: Desk) -> Iterator[Work]:
    """What the canvas draws meanwhile."""
    before, done = replace(desk.canvas.store.work), Work()
    yield done
    after = desk.canvas.store.work
    done.tiles, done.pixels = after.tiles - before.tiles, after.pixels - before.pixels
    done.layers = after.layers - before.layers


async def dabbed(desk: Desk, folder: Path, side: int, objects: int) -> tuple[Work, Work, Work, Work]:
    """What press, move, release and undo draw in a picture of `side` px square with so many objects."""
    folder.mkdir()
    masks = {f"obj{n}": block(7 * n % 200, 11 * n % 150, size=(side, side)) for n in range(objects)}
    await desk.open(write_image(folder, masks, np.zeros((side, side, 3), np.uint8)))
    desk.look_at(1.0, 0, 0)
    desk.pixels()
    found: list[Work] = []
    for deed in (desk.press, desk.move, desk.release):
        with work(desk) as done:
            deed((300.5 + len(found), 300.5))
            desk.pixels()
        found.append(done)
    with work(desk) as done:
        desk.studio.undo()
        desk.pixels()
    return found[0], found[1], found[2], done


async def test_a_dab_draws_its_own_box_and_visits_its_own_object_whatever_the_picture(
    desk: Desk, tmp_path: Path
) -> None:
    small = await dabbed(desk, tmp_path / "small", 1024, 1)
    large = await dabbed(desk, tmp_path / "large", 4096, 200)
    assert large == small
    _, move, release, undo = small
    assert 0 < move.pixels <= 15 * 15
    assert 0 < max(release.pixels, undo.pixels) <= 2 * 15 * 15
    assert max(each.layers for each in small) == 1


class Repaints(QObject):
    """How many logical px of a widget are repainted."""

    area = 0

    def __init__(self) -> None:
        super().__init__()
        self.boxes: list[Box] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(event, QPaintEvent):
            for each in event.region():  # type: ignore[attr-defined] # its stub forgets it
                self.boxes.append(Box(each.x(), each.y(), each.x() + each.width(), each.y() + each.height()))
                self.area += each.width() * each.height()
        return False


async def area_of_a_move(desk: Desk, to: tuple[float, float]) -> int:
    """How many logical px are repainted when the pointer goes somewhere."""
    await desk.settle()
    repaints = Repaints()
    desk.canvas.installEventFilter(repaints)
    desk.move(to)
    await desk.settle()
    return repaints.area


async def test_moving_the_pointer_repaints_the_rings_alone(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.look_at(2.0, 0, 0)
    desk.move((20, 20))
    assert 0 < await area_of_a_move(desk, (24, 20)) <= 2 * (5 * 2 + 8) ** 2


async def test_a_dab_repaints_little(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.look_at(8.0, 0, 0)
    desk.press((20, 20))
    assert 0 < await area_of_a_move(desk, (21, 20)) <= 80 * 80


@pytest.mark.parametrize("shape", list(BrushShape))
@pytest.mark.parametrize(("zoom", "size"), [(0.25, 9), (1.0, 5), (2.5, 30), (16.0, 3), (16.0, 40), (32.0, 60)])
async def test_all_that_a_dab_changes_on_the_screen_is_repainted(
    desk: Desk, project: Path, zoom: float, size: int, shape: BrushShape
) -> None:
    await desk.open(project)
    desk.choose(size=size, shape=shape)
    desk.look_at(zoom, 0, 0)
    desk.press((4, 4))
    for place in ((5, 4), (7, 9), (30, 20), (31, 20), (31.5, 21), (60, 35)):
        before, repaints = desk.pixels(), Repaints()
        desk.canvas.installEventFilter(repaints)
        desk.move(place)
        QApplication.sendPostedEvents()
        desk.canvas.removeEventFilter(repaints)
        differs = (desk.pixels() != before).any(axis=2)
        assert differs.any() or zoom * size > 1500
        for box in repaints.boxes:
            differs[box.rows, box.columns] = False
        assert not differs.any()
    desk.release((60, 35))


async def test_objects_far_away_are_brought_into_the_middle(desk: Desk, tmp_path: Path) -> None:
    size = (3000, 2000)
    masks = {"objA": block(10, 10, size=size), "objB": block(2900, 1900, size=size)}
    await desk.open(write_image(tmp_path, masks, picture(*size)))
    for name, center in (("objB", (2906, 1905)), ("objA", (16, 15))):
        await desk.keys("Down")
        assert desk.chosen == name
        at, middle = desk.place(center), desk.canvas.rect().center()
        assert abs(at.x() - middle.x()) <= 5 and abs(at.y() - middle.y()) <= 5


async def test_a_shrunk_window_keeps_some_of_the_picture_in_view(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.look_at(1.0, desk.canvas.width() - 60, desk.canvas.height() - 60)
    desk.window.resize(760, 480)
    await desk.settle()
    assert desk.seen.inside(WIDTH, HEIGHT).any()


async def test_the_fit_follows_the_window_until_somebody_zooms(desk: Desk, project: Path) -> None:
    await desk.open(project)
    large = desk.canvas.viewport.zoom
    desk.window.resize(760, 480)
    await desk.settle()
    small = desk.canvas.viewport.zoom
    desk.canvas.zoom_by(-1)
    zoomed = desk.canvas.viewport.zoom
    desk.window.resize(1280, 800)
    await desk.settle()
    assert zoomed < small < large
    assert desk.canvas.viewport.zoom == zoomed


async def test_going_through_the_objects_leaves_the_whole_frame_as_it_is_where_they_are_seen(
    desk: Desk, project: Path
) -> None:
    await desk.open(project)
    whole = desk.canvas.viewport
    await desk.keys("Down", "Down", "Up")
    assert desk.canvas.viewport == whole
    desk.window.resize(760, 480)
    await desk.settle()
    assert desk.canvas.viewport.zoom < whole.zoom
    desk.look_at(20.0, 0, 0)
    await desk.keys("Down")
    box = desk.document.mask(MaskKey(0, desk.chosen or "")).box
    assert desk.canvas.view_box.covers(desk.canvas.viewport.device_box(box))


async def test_masks_that_come_after_their_frame_are_drawn_when_they_are_there(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.point_away()
    shown, frame = desk.pixels(), desk.studio.view.frame
    areas = [desk.window.objects.list.model().index(row, 1).data() for row in range(2)]
    chosen = desk.studio.view.object_hash
    desk.studio.show(object_hash=None)
    desk.document.await_masks(frame)
    desk.document.forget_masks(frame)
    desk.window.canvas._restyle()
    await desk.settle()
    assert (desk.pixels() != shown).any()
    assert desk.window.objects.list.model().index(0, 1).data() == ""
    desk.document.end_awaiting(frame)
    desk.studio.show(object_hash=chosen)
    await desk.settle()
    assert (desk.pixels() == shown).all()
    assert [desk.window.objects.list.model().index(row, 1).data() for row in range(2)] == areas


async def test_an_object_that_is_wanted_closer_comes_into_the_middle(desk: Desk, project: Path) -> None:
    await desk.open(project)
    box = Box(4, 4, 14, 14)
    desk.canvas.show_box(box, closer=True)
    middle, view = desk.canvas.viewport.to_device(box.center), desk.canvas.view_box.center
    assert max(abs(middle[0] - view.x), abs(middle[1] - view.y)) <= 1


async def test_zooming_out_leaves_some_of_the_picture_to_be_seen(desk: Desk, project: Path) -> None:
    await desk.open(project)
    desk.canvas.zoom_by(-40)
    assert desk.canvas.viewport.zoom * max(WIDTH, HEIGHT) >= 15


def left_alone(before: Bits, after: Bits) -> bool:
    return bool((before == after).all())


async def test_a_row_that_is_opened_again_is_listened_to(desk: Desk, project: Path) -> None:
    for _ in range(4):
        await desk.open(project)
        desk.point_away()
        before, shown = desk.bits(), desk.pixels()
        desk.stroke((50, 35))
        desk.point_away()
        assert not left_alone(before, desk.bits())
        assert (desk.pixels() != shown).any()
        await desk.keys("Ctrl+Z")
