"""What the canvas shows of the studio's present state, as a scene of layers."""

from __future__ import annotations

from collections.abc import Iterator

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
    layers = tuple(_others(studio, line))
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
    return _new_layer(studio, line) or (
        _chosen_layer(studio, chosen, line) if chosen and _is_drawn(studio, chosen) else None
    )


def color_of(studio: Studio, each: ObjectInfo) -> Color:
    """The colour an object is drawn in."""
    by_object = studio.view.by_object and each.is_bitmask
    return object_color(each.object_hash) if by_object else parse_color(each.color)


def _is_drawn(studio: Studio, each: ObjectInfo) -> bool:
    key, document = MaskKey(studio.view.frame, each.object_hash), studio.document
    return each.is_bitmask and studio.is_visible(key) and document is not None and not document.is_awaited(key)


def _others(studio: Studio, line: int) -> Iterator[Layer]:
    """The visible objects but for the chosen one. There may be thousands: what they share is looked up once."""
    view, document = studio.view, studio.document
    if document is None or (view.only_chosen and view.object_hash is not None):
        return
    outline, hidden, opacity = view.outline, view.hidden, 0.0 if view.outline else view.opacity
    for each in studio.objects:
        key = MaskKey(view.frame, each.object_hash)
        is_drawn = each.is_bitmask and each.object_hash != view.object_hash and key not in hidden
        if is_drawn and not document.is_awaited(key):
            mask, color = document.mask(key), color_of(studio, each)
            line_color = color if outline else darker(color)
            yield Layer(mask.box, mask.crop, color, opacity, line + outline, line_color, _LEAST, mask)


def _chosen_layer(studio: Studio, each: ObjectInfo, line: int) -> Layer:
    key, color = MaskKey(studio.view.frame, each.object_hash), color_of(studio, each)
    painter = studio.gestures.painter
    opacity = 0.0 if studio.view.outline else min(1.0, studio.view.opacity + _MORE_OPAQUE)
    if painter and studio.gestures.key == key:
        return Layer(_frame_box(studio), painter.crop, color, opacity, line * WIDEST, _LIT, _LEAST_LIT)
    assert studio.document is not None
    mask = studio.document.mask(key)
    return Layer(mask.box, mask.crop, color, opacity, line * WIDEST, _LIT, _LEAST_LIT, mask)


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
