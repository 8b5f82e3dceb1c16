"""The whole job without a screen: the real window opens, paints, undoes, redoes, saves and exports, and proves it."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from bitmask_studio.core.brush_shape import cover
from bitmask_studio.core.errors import InputError, StudioError
from bitmask_studio.core.geometry import Box, Point
from bitmask_studio.core.labels import MaskKey
from bitmask_studio.core.mask import EMPTY_MASK, Bits, Mask
from bitmask_studio.core.settings import Setting
from bitmask_studio.core.text import tr
from bitmask_studio.sources.local import open_local
from bitmask_studio.studio import preferences
from bitmask_studio.studio.ask import Emptied, Leave
from bitmask_studio.studio.document.document import Document
from bitmask_studio.studio.exporting.exporting import ExportOrder, export, formats
from bitmask_studio.studio.notices import Level, Notice
from bitmask_studio.studio.session import OpenWish
from bitmask_studio.ui.dialogs.dialogs import Dialogs
from bitmask_studio.ui.main_window import MainWindow
from bitmask_studio.ui.rehearsal_copy import WishCopy, copied

_SIZE = QSize(1440, 900)
_REACH = 3
"""Device px beside the stroke within which an outline may have moved."""
Remembered = tuple[tuple[Setting[Any], Any], ...]
"""Settings that tell where somebody was last, with what they say."""


def remembered(window: MainWindow) -> Remembered:
    """Where the user was last."""
    settings = window.studio.settings
    files, folder = preferences.RECENT_FILES, preferences.LAST_FOLDER
    return (files, settings.get(files)), (folder, settings.get(folder))


async def rehearse(window: MainWindow, wish: OpenWish) -> int:
    """Do the whole job on a temporary copy of what `wish` names; answers 0 when every part of it is proved.

    Prints what was proved and where the results are. Raises StudioError when the input cannot be opened.
    """
    folder = Path(tempfile.mkdtemp(prefix="bitmask-studio-")).resolve()
    window.studio.ask = _Nobody(window, str)
    window.resize(_SIZE)
    window.show()
    try:
        copy = copied(wish, folder / "input")
        window.studio.noticed.connect(lambda notice: _tell(notice, copy))
        await _open(window, copy)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    checks = await _Rehearsal(window, folder).run() if _can_paint(window) else {}
    for text, holds in checks.items():
        print(f"{'ok' if holds else 'FAILED':6} {text}")
    for path in (
        *sorted(folder.glob("input/**/*.json")),
        *sorted(each for each in folder.iterdir() if each.name != "input"),
    ):
        print(path)
    return 0 if all(checks.values()) else 1


async def leave(window: MainWindow, before: Remembered) -> None:
    """Close the window for good, with nobody there to be asked: what is unsaved is on a copy.

    What the user's settings remembered `before` stands there again: the copies are of no use to anybody later.
    """
    window.studio.ask = _Nobody(window, str)
    for setting, value in before:
        window.studio.set(setting, value)
    window.close()
    await window.studio.jobs.settle()


def refuse_frame(document: Document, frame: int) -> None:
    """Raise InputError when a frame was asked for that the row does not have."""
    if frame >= len(document.frames):
        text = tr("--frame {frame}: the frames of {row} are numbered 0 to {last}.")
        raise InputError(text.format(frame=frame, row=document.row.info.name, last=len(document.frames) - 1))


class _Nobody(Dialogs):
    """Answers for a user who is not there."""

    async def unsaved(self, rows: Sequence[str]) -> Leave:
        return Leave.DISCARD

    async def emptied(self, objects: Sequence[str]) -> Emptied:
        return Emptied.KEEP_EMPTY


async def _open(window: MainWindow, copy: WishCopy) -> None:
    """Open the copy; unless a row was asked for, at the first that can be painted. Raises StudioError."""
    session, studio, wish = window.session, window.studio, copy.wish
    try:
        await session.open(wish)
        if wish.row is None and studio.document and studio.document.row.info.read_only:
            row = next((row for row in studio.workspace.rows if row.read_only is None), None)
            await session.open_row((row or studio.document.row.info).key, wish.frame)
    except StudioError as error:
        raise InputError(copy.in_own_words(str(error))) from error
    if studio.document is None:
        raise StudioError(tr("There is no row to show."))
    refuse_frame(studio.document, wish.frame)


def _tell(notice: Notice, copy: WishCopy) -> None:
    """Print what a user in front of the window would have to know; nothing where stderr is closed."""
    if notice.level is not Level.INFO and sys.stderr:
        print(" ".join(copy.in_own_words(notice.text).split()), file=sys.stderr)


class _Rehearsal:
    """One stroke through the window that is open, and what it must have changed."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        assert window.studio.frame is not None
        self._window, self._studio, self._folder = window, window.studio, folder
        self._frame = window.studio.frame
        self._box = Box.of_size(self._frame.width, self._frame.height)

    async def run(self) -> dict[str, bool]:
        """Paint, undo, redo, save and export; what holds of it, by a sentence each."""
        window, studio = self._window, self._studio
        start, end, paints = self._path()
        window.canvas.actual_size()
        window.canvas.show_box(Box.around((start, end)))
        before, masks_before = await self._grab(window.canvas, "before.png"), self._export("masks-before")
        mask = self._mask()
        self._drag(start, end, paints)
        window.canvas.point_at(None)
        painted = self._mask()
        window.commands.run("undo")
        undone = self._mask()
        window.commands.run("redo")
        redone = self._mask()
        after = await self._grab(window.canvas, "after.png")
        window.commands.run("save")
        await studio.jobs.settle()
        masks_after = self._export("masks-after")
        covered = self._covered(start, end)
        expected = mask | covered if paints else mask & ~covered
        flips = expected ^ mask
        differs = self._canvas_differs(before, after, flips)
        window.canvas.fit()
        await self._grab(window, "window.png")
        return {
            tr("the stroke set exactly the pixels under the ring"): bool((painted == expected).all() and flips.any()),
            tr("undo took it back"): bool((undone == mask).all()),
            tr("redo brought it again"): bool((redone == expected).all()),
            tr("the saved file holds it"): not studio.workspace.unsaved and bool((self._stored() == expected).all()),
            tr("the exported PNGs differ by exactly it"): bool(((masks_before ^ masks_after) == flips).all()),
            tr("the canvas differs by exactly it"): differs,
        }

    async def _grab(self, widget: QWidget, name: str) -> NDArray[np.uint8]:
        """A picture of a widget with the whole canvas in it, kept as a file: (H, W, 3), blue, green, red."""
        await asyncio.sleep(0.05)
        picture = widget.grab()
        while not self._window.canvas.is_whole:
            await asyncio.sleep(0.01)
            picture = widget.grab()
        image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
        image.save(str(self._folder / name))
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
        return pixels[:, : image.width(), :3].copy()

    def _path(self) -> tuple[Point, Point, bool]:
        """A short stroke and whether it paints: outwards over the chosen object's right edge where there is room.

        A mask that leaves no room is erased from instead; without a mask it is the middle of the frame.
        """
        mask = self._object()
        if mask.empty:
            middle = self._box.center
            return middle, Point(middle.x + 0.2 * self._box.width, middle.y), True
        edges = mask.box.width - mask.bits[:, ::-1].argmax(axis=1)
        edges[~mask.bits.any(axis=1)] = mask.box.width
        row = int(edges.argmin())
        edge, y = mask.box.x0 + int(edges[row]), mask.box.y0 + row + 0.5
        outwards = edge < self._frame.width - 2
        return Point(edge - 2.25, y), Point(edge + 40.5 if outwards else edge - 40.5, y), outwards

    def _drag(self, start: Point, end: Point, paints: bool) -> None:
        """What a mouse does: press, a few moves, release; with Ctrl held it erases."""
        middle = Point((start.x + end.x) / 2, (start.y + end.y) / 2)
        keys = Qt.KeyboardModifier.NoModifier if paints else Qt.KeyboardModifier.ControlModifier
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        for kind, point, button, held in (
            (QEvent.Type.MouseButtonPress, start, left, left),
            (QEvent.Type.MouseMove, middle, none, left),
            (QEvent.Type.MouseMove, end, none, left),
            (QEvent.Type.MouseButtonRelease, end, left, none),
        ):
            place = self._place(point)
            event = QMouseEvent(kind, place, self._window.canvas.mapToGlobal(place), button, held, keys)
            QApplication.sendEvent(self._window.canvas, event)

    def _place(self, point: Point) -> QPointF:
        """Where an image point lies on the canvas."""
        x, y = self._window.canvas.viewport.to_device(point)
        scale = self._window.canvas.devicePixelRatioF()
        return QPointF(x / scale, y / scale)

    def _covered(self, start: Point, end: Point) -> Bits:
        """The pixels that the definition of the brush covers on the way, over the whole frame."""
        canvas, options = self._window.canvas, self._studio.tool_options
        first, last = canvas.image_point(self._place(start)), canvas.image_point(self._place(end))
        middle = canvas.image_point(self._place(Point((start.x + end.x) / 2, (start.y + end.y) / 2)))
        bits = np.zeros((self._frame.height, self._frame.width), bool)
        for one, other in ((first, first), (first, middle), (middle, last)):
            spans = cover(one, other, options.size, options.shape, self._box)
            bits[spans.box.rows, spans.box.columns] |= spans.bits(spans.box)
        return bits

    def _object(self) -> Mask:
        key, document = self._studio.view.key, self._studio.document
        return document.mask(key) if document and key and document.find(key) else EMPTY_MASK

    def _mask(self) -> Bits:
        return self._object().to_array(self._frame.height, self._frame.width)

    def _stored(self) -> Bits:
        """The chosen object's pixels as a new reader finds them in the file."""
        source, key, info = self._studio.workspace.files, self._studio.view.key, self._studio.document
        if source is None or key is None or info is None:
            return np.zeros((0, 0), bool)
        fresh = open_local(source.paths)
        row = next(row for row in fresh.rows() if row.key == info.row.info.key)
        stored = fresh.load(row).bitmask(MaskKey(key.frame, key.object_hash))
        if stored is None:
            return np.zeros((0, 0), bool)
        mask = Mask.from_rle(stored.rle_string, stored.height, stored.width, stored.top, stored.left)
        return mask.to_array(self._frame.height, self._frame.width)

    def _export(self, name: str) -> Bits:
        """Export the row as PNG; answers, as one array, which pixels an odd number of its masks of this size holds."""
        folder, bits = self._folder / name, np.zeros((self._frame.height, self._frame.width), bool)
        source, document = self._studio.workspace.source, self._studio.document
        if source and document:
            export(source, [document.row.info], ExportOrder(formats()["png"], folder))
        for path in sorted(folder.glob("*.png")):
            pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
            if pixels is not None and pixels.shape == bits.shape:
                bits ^= pixels > 0
        return bits

    def _canvas_differs(self, before: NDArray[np.uint8], after: NDArray[np.uint8], flips: Bits) -> bool:
        """Whether the canvas changed where pixels flipped, and nowhere farther than an outline's width from there."""
        viewport, (height, width) = self._window.canvas.viewport, before.shape[:2]
        columns = np.floor((np.arange(width) + 0.5 - viewport.x) / viewport.zoom).astype(int)
        rows = np.floor((np.arange(height) + 0.5 - viewport.y) / viewport.zoom).astype(int)
        inside = np.ix_((rows >= 0) & (rows < flips.shape[0]), (columns >= 0) & (columns < flips.shape[1]))
        expected = np.zeros((height, width), bool)
        expected[inside] = flips[np.ix_(rows[inside[0].ravel()], columns[inside[1].ravel()])]
        changed = (before != after).any(axis=2)
        near = cv2.dilate(expected.astype(np.uint8), np.ones((2 * _REACH + 1, 2 * _REACH + 1), np.uint8)) > 0
        return bool(expected.any() and not (expected & ~changed).any() and not (changed & ~near).any())


def _can_paint(window: MainWindow) -> bool:
    """Whether a stroke would be taken; says why when not, and takes a picture of the window all the same."""
    studio = window.studio
    refusal = studio.document.row.info.read_only if studio.document else None
    if studio.view.key is None and studio.new_class is None:
        refusal = refusal or tr("There is no bitmask class to make an object of.")
    if refusal:
        print(tr("Opened; nothing was painted: {reason}").format(reason=refusal))
    return refusal is None
