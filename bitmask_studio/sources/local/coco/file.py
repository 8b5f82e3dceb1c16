"""A COCO file, or a list of COCO results: one row a picture, to be looked at and exported, not edited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from bitmask_studio.core.errors import InputError, RleError
from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import Bitmask, Frame, LabelRow, ObjectInfo, Outline, RowInfo
from bitmask_studio.core.ontology import BITMASK, ObjectClass
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext import facts, scan
from bitmask_studio.sources.jsontext.items import Item
from bitmask_studio.sources.jsontext.scan import ScanError, Span
from bitmask_studio.sources.jsontext.skeleton import Stamp
from bitmask_studio.sources.label_rows.row import read_json
from bitmask_studio.sources.local.coco.masks import PixelBudget, is_polygon, read_segmentation, size_of
from bitmask_studio.sources.local.kinds import Content, WholeContent, items_of
from bitmask_studio.sources.local.row_keys import RowKeys
from bitmask_studio.sources.local.watch import Watch
from bitmask_studio.sources.reasons import reason_of

_COLORS = ("#D33115", "#E27300", "#16406C", "#FE9200", "#FCDC00", "#A4DD00", "#68CCCA", "#73D8FF", "#AEA1FF", "#FDA1FF")


class _Image(Struct):
    """One picture and where its annotations lie in the file."""

    image_id: int | str
    title: str
    link: str = ""
    size: tuple[int, int] | None = None
    size_flaw: str = ""
    """Why there is none, for the user."""
    spans: list[tuple[str, Span]] = field(default_factory=list)
    """Object hash and place of each annotation."""
    hashes: set[str] = field(default_factory=set)
    bitmasks: int = 0
    key: str = ""


class CocoFile:
    """Lists a file once; the annotations of a picture are read when it is opened."""

    def __init__(self, content: Content, keys: RowKeys, watch: Watch | None = None) -> None:
        self.path = content.path
        self._watch = watch or Watch()
        self._stamp = content.stamp
        self._text = content.text if isinstance(content, WholeContent) else b""
        self._categories: dict[int | str, ObjectClass] = {}
        self._images: dict[int | str, _Image] = {}
        self._flaws: list[str] = []
        self._read(content)
        if self._flaws and not self._images:
            self._images[""] = _Image("", content.path.name)
        self._text = b""
        for each in self._images.values():
            each.key = keys.take(("", str(each.image_id), each.title))
        self._by_key = {each.key: each for each in self._images.values()}

    @property
    def infos(self) -> Sequence[RowInfo]:
        return [self._info(each) for each in self._images.values()]

    @property
    def classes(self) -> tuple[ObjectClass, ...]:
        return tuple(self._categories.values())

    @property
    def pictures(self) -> frozenset[str]:
        return frozenset(name for each in self._images.values() for name in (each.title, each.link) if name)

    def has(self, key: str) -> bool:
        return key in self._by_key

    def link(self, key: str) -> str:
        """The address of the picture of a row."""
        return self._by_key[key].link

    def image_id(self, key: str) -> int | str:
        """COCO's id of the picture of a row."""
        return self._by_key[key].image_id

    def load(self, key: str) -> LabelRow:
        """The row as the file has it. Raises InputError when the file was changed or is gone."""
        image = self._by_key[key]
        budget = PixelBudget()
        objects = tuple(self._object(image, *each, budget) for each in self._annotations(image))
        width, height = image.size or (0, 0)
        return LabelRow(self._info(image), (Frame(0, 0, image.title, "", width, height, objects),))

    def _read(self, content: Content) -> None:
        if not isinstance(content, WholeContent):
            self._read_annotations(each for portion in content.portions() for each in portion)
            return
        text = self._text
        values = {each.key: each.value for each in scan.members(text, content.root)}
        self._find_flaws(values)
        for value in self._entries(values.get("categories")):
            self._take_category(value)
        for value in self._entries(values.get("images")):
            self._take_image(value)
        if "annotations" in values and scan.is_list(text, values["annotations"]):
            spans = items_of(text, values["annotations"])
            self._read_annotations(Item(text[a:b], content.place(Span(a, b))) for a, b in spans)

    def _find_flaws(self, values: Mapping[str, Span]) -> None:
        """Note which of the lists cannot be read."""
        for name in ("images", "annotations", "categories"):
            span = values.get(name)
            if span is None:
                continue
            if not scan.is_list(self._text, span):
                self._flaws.append(tr("The {name} of its file are no JSON list.").format(name=name))
            elif not items_of(self._text, span) and self._text[span.start + 1 : span.end - 1].strip():
                self._flaws.append(tr("The {name} of its file are no readable JSON.").format(name=name))

    def _entries(self, value: Span | None) -> Iterator[Mapping[str, Any]]:
        if value is None or not scan.is_list(self._text, value):
            return
        for each in items_of(self._text, value):
            yield facts.table(_json(self._text[each.start : each.end]))

    def _take_category(self, entry: Mapping[str, Any]) -> None:
        category = _identifier(entry.get("id"))
        if category is not None:
            self._add_class(category, facts.text(entry.get("name")))

    def _add_class(self, category: int | str, name: str) -> ObjectClass:
        color = _COLORS[len(self._categories) % len(_COLORS)]
        named = name or tr("category {id}").format(id=category)
        return self._categories.setdefault(category, ObjectClass(str(category), named, color, BITMASK))

    def _take_image(self, entry: Mapping[str, Any]) -> None:
        image_id = _identifier(entry.get("id"))
        if image_id is None:
            return
        title = facts.text(entry.get("file_name")) or str(image_id)
        link = facts.text(entry.get("coco_url")) or facts.text(entry.get("flickr_url"))
        width, height = entry.get("width"), entry.get("height")
        size, flaw = facts.size(width, height), facts.size_flaw(width, height)
        self._images.setdefault(image_id, _Image(image_id, title, link, size, flaw))

    def _read_annotations(self, items: Iterable[Item]) -> None:
        for position, (text, span) in enumerate(items, start=1):
            entry = facts.table(_json(text))
            self._watch.listed(span.end - span.start)
            found = _identifier(entry.get("image_id"))
            image_id = found if found is not None else ""
            image = self._images.setdefault(image_id, _Image(image_id, str(image_id)))
            identifier = _identifier(entry.get("id"))
            object_hash = _unused(str(position if identifier is None else identifier), image.hashes)
            image.hashes.add(object_hash)
            image.spans.append((object_hash, span))
            image.bitmasks += _shape(entry) == BITMASK
            image.size = image.size or size_of(entry.get("segmentation"))
            category = _identifier(entry.get("category_id"))
            if category is not None and category not in self._categories:
                self._add_class(category, "")

    def _annotations(self, image: _Image) -> Iterator[tuple[str, object]]:
        try:
            with self.path.open("rb") as file:
                if Stamp.of(self.path.stat()) != self._stamp:
                    raise InputError(tr("{file} was changed by another program. Open it again.").format(file=self.path))
                for object_hash, span in image.spans:
                    file.seek(span.start)
                    yield object_hash, _json(file.read(span.end - span.start))
        except OSError as error:
            raise InputError(
                tr("{file} cannot be read any more: {reason}.").format(file=self.path, reason=reason_of(error))
            ) from error

    def _info(self, image: _Image) -> RowInfo:
        width, height = image.size or (0, 0)
        return RowInfo(
            key=image.key,
            label_hash=None,
            data_hash="",
            title=image.title,
            data_type="image",
            frames=1,
            width=width,
            height=height,
            objects=len(image.spans),
            bitmasks=image.bitmasks,
            read_only=" ".join((*self._flaws, _read_only() if image.size else _size_flaw(image))),
            damage=" ".join(self._flaws) or None,
        )

    def _object(self, image: _Image, object_hash: str, value: object, budget: PixelBudget) -> ObjectInfo:
        entry = facts.table(value)
        category = _identifier(entry.get("category_id"))
        found = self._categories.get(category) if category is not None else None
        shape = _shape(entry)
        bitmask, damage = _mask(entry, image.size, budget) if shape == BITMASK else (None, None)
        return ObjectInfo(
            object_hash,
            found.feature_hash if found else "",
            found.name if found else "",
            found.color if found else _COLORS[0],
            shape,
            bitmask,
            () if bitmask else _outlines(entry),
            damage if value is not None and isinstance(value, Mapping) else tr("it is no JSON object"),
            _read_only() if bitmask else None,
        )


def _read_only() -> str:
    return tr("COCO files open read-only for now.")


def _size_flaw(image: _Image) -> str:
    return image.size_flaw or facts.size_flaw(None, None)


def _json(text: bytes) -> object:
    try:
        return read_json(text)
    except ScanError:
        return None


def _identifier(value: object) -> int | str | None:
    if isinstance(value, str):
        return value
    return facts.whole(value)


def _unused(wanted: str, taken: set[str]) -> str:
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _shape(entry: Mapping[str, Any]) -> str:
    segmentation = entry.get("segmentation")
    if segmentation and (not isinstance(segmentation, list) or is_polygon(segmentation)):
        return BITMASK
    if facts.items(entry.get("keypoints")):
        return "skeleton"
    return "bounding_box" if facts.items(entry.get("bbox")) else "unknown"


def _mask(entry: Mapping[str, Any], size: tuple[int, int] | None, budget: PixelBudget) -> tuple[Bitmask, str | None]:
    try:
        return read_segmentation(entry.get("segmentation"), size, budget), None
    except RleError as error:
        width, height = size_of(entry.get("segmentation")) or (0, 0)
        return Bitmask(height, width, 0, 0, ""), str(error)


def _outlines(entry: Mapping[str, Any]) -> tuple[Outline, ...]:
    points = [facts.finite(each) for each in facts.items(entry.get("keypoints"))]
    places = [Point(x, y) for x, y in zip(points[::3], points[1::3], strict=False) if x is not None and y is not None]
    if places:
        return tuple(Outline((each,), closed=False) for each in places)
    box = [facts.finite(each) for each in facts.items(entry.get("bbox"))]
    found = [each for each in box if each is not None]
    if len(found) != 4:
        return ()
    x, y, w, h = found
    return (Outline((Point(x, y), Point(x + w, y), Point(x + w, y + h), Point(x, y + h)), closed=True),)
