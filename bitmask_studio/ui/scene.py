"""What the canvas shows of the studio's present state, as a scene of layers."""

from __future__ import annotations

from bitmask_studio.core.geometry import Box
from bitmask_studio.core.labels import MaskKey, ObjectInfo
from bitmask_studio.core.overlay import Color, Layer
from bitmask_studio.core.palette import darker, object_color, parse_color
from bitmask_studio.core.tiles import Scene
from bitmask_studio.studio.studio import Studio

WIDEST = 2
"""How many times as wide as a thin outline the widest is."""

_LIT: Color = (255, 255, 255)
_LEAST, _LEAST_LIT = 128, 32
"""How much of a device pixel, of 255, an object covers where it is outlined; thin lines of the chosen one are seen."""
_MORE_OPAQUE = 0.15
"""How much more opaque the chosen object is than the others."""


def build_scene(studio: Studio, line: int) -> Scene:
    """The frame with its visible objects; `line` is the width of a thin outline, device px."""
    document, frame = studio.document, studio.frame
    if document is None or frame is None:
        return Scene(1, 1)
    chosen = studio.view.object_hash
    others = (each for each in studio.objects if each.object_hash != chosen and _is_drawn(studio, each))
    layers = tuple(_layer(studio, each, line) for each in others)
    pixels = studio.picture.pixels if studio.picture else None
    preview = studio.preview.pixels if studio.preview else None
    return Scene(frame.width, frame.height, pixels, layers, active_layer(studio, line), preview, studio.view.tone)


def other_shapes(studio: Studio) -> tuple[ObjectInfo, ...]:
    """The visible objects that are no bitmasks and have outlines."""
    outlined = (each for each in studio.objects if each.outlines)
    return tuple(each for each in outlined if studio.is_visible(MaskKey(studio.view.frame, each.object_hash)))


def active_layer(studio: Studio, line: int) -> Layer | None:
    """The object that is worked on: the one a stroke is making, else the chosen one where it is to be seen."""
    chosen = studio.chosen
    return _new_layer(studio, line) or (_layer(studio, chosen, line) if chosen and _is_drawn(studio, chosen) else None)


def color_of(studio: Studio, each: ObjectInfo) -> Color:
    """The colour an object is drawn in."""
    by_object = studio.view.by_object and each.is_bitmask
    return object_color(each.object_hash) if by_object else parse_color(each.color)


def _is_drawn(studio: Studio, each: ObjectInfo) -> bool:
    key, document = MaskKey(studio.view.frame, each.object_hash), studio.document
    return each.is_bitmask and studio.is_visible(key) and document is not None and not document.is_awaited(key)


def _layer(studio: Studio, each: ObjectInfo, line: int) -> Layer:
    key, color = MaskKey(studio.view.frame, each.object_hash), color_of(studio, each)
    lit = each.object_hash == studio.view.object_hash
    opacity = 0.0 if studio.view.outline else min(1.0, studio.view.opacity + _MORE_OPAQUE * lit)
    width = line * WIDEST if lit else line + studio.view.outline
    line_color = _LIT if lit else color if studio.view.outline else darker(color)
    least, painter = _LEAST_LIT if lit else _LEAST, studio.gestures.painter
    if painter and studio.gestures.key == key:
        return Layer(_frame_box(studio), painter.crop, color, opacity, width, line_color, least)
    assert studio.document is not None
    mask = studio.document.mask(key)
    return Layer(mask.box, mask.crop, color, opacity, width, line_color, least, mask)


def _new_layer(studio: Studio, line: int) -> Layer | None:
    """The object that a stroke in progress is making."""
    painter, each = studio.gestures.painter, studio.gestures.new_class
    if painter is None or each is None:
        return None
    opacity = 0.0 if studio.view.outline else min(1.0, studio.view.opacity + _MORE_OPAQUE)
    return Layer(_frame_box(studio), painter.crop, parse_color(each.color), opacity, line * WIDEST, _LIT, _LEAST_LIT)


def _frame_box(studio: Studio) -> Box:
    frame = studio.frame
    return Box.of_size(frame.width, frame.height) if frame else Box(0, 0, 0, 0)
