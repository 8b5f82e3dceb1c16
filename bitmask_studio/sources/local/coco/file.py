"""A COCO file, or a list of COCO results: one row a picture, to be looked at and exported, not edited."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from bitmask_studio.core.errors import InputError, RleError
from bitmask_studio.core.geometry import Point
from bitmask_studio.core.labels import Bitmask, Frame, LabelRow, ObjectInfo, Outline, RowInfo
from bitmask_studio.core.ontology import BITMASK, ObjectClass
from bitmask_studio.core.reading import open_ordinary
from bitmask_studio.core.text import tr
from bitmask_studio.sources.jsontext import facts, scan
from bitmask_studio.sources.jsontext.items import Item
from bitmask_studio.sources.jsontext.scan import Span
from bitmask_studio.sources.jsontext.skeleton import Stamp
from bitmask_studio.sources.local.coco.entries import brief, identifier, json_of, shape_of
from bitmask_studio.sources.local.coco.masks import PixelBudget, read_segmentation, size_of
from bitmask_studio.sources.local.kinds import Content, WholeContent
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
    spans: dict[str, Span] = field(default_factory=dict)
    """The place of each annotation by its object hash."""
    bitmasks: int = 0
    key: str = ""


class CocoFile:
    """Lists a file once; the annotations of a picture are read when it is opened."""

    def __init__(self, content: Content, keys: RowKeys, watch: Watch | None = None) -> None:
        self.path = content.path
        self._watch = watch or Watch()
        self._stamp = content.stamp
        self._categories: dict[int | str, ObjectClass] = {}
        self._images: dict[int | str, _Image] = {}
        self._flaws: list[str] = []
        self._read(content)
        if self._flaws and not self._images:
            self._images[""] = _Image("", content.path.name)
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
        lists = {name: self._entries(name, content) for name in ("images", "annotations", "categories")}
        for item in lists["categories"]:
            self._take_category(facts.table(json_of(item.text)))
        for item in lists["images"]:
            self._take_image(facts.table(json_of(item.text)))
        self._read_annotations(lists["annotations"])

    def _entries(self, name: str, content: WholeContent) -> Iterable[Item]:
        """The items of a list of the file; that it cannot be read is a flaw."""
        text, value = content.text, content.members.get(name)
        if value is None:
            return ()
        if not scan.is_list(text, value):
            self._flaws.append(tr("The {name} of its file are no JSON list.").format(name=name))
            return ()
        spans = content.items(value)
        if not spans and text[value.start + 1 : value.end - 1].strip():
            self._flaws.append(tr("The {name} of its file are no readable JSON.").format(name=name))
        return (Item(bytes(text[a:b]), content.place(Span(a, b))) for a, b in spans)

    def _take_category(self, entry: Mapping[str, Any]) -> None:
        category = identifier(entry.get("id"))
        if category is not None:
            self._add_class(category, facts.text(entry.get("name")))

    def _add_class(self, category: int | str, name: str) -> ObjectClass:
        color = _COLORS[len(self._categories) % len(_COLORS)]
        named = name or tr("category {id}").format(id=category)
        return self._categories.setdefault(category, ObjectClass(str(category), named, color, BITMASK))

    def _take_image(self, entry: Mapping[str, Any]) -> None:
        image_id = identifier(entry.get("id"))
        if image_id is None:
            return
        title = facts.text(entry.get("file_name")) or str(image_id)
        link = facts.text(entry.get("coco_url")) or facts.text(entry.get("flickr_url"))
        width, height = entry.get("width"), entry.get("height")
        size, flaw = facts.size(width, height), facts.size_flaw(width, height)
        self._images.setdefault(image_id, _Image(image_id, title, link, size, flaw))

    def _read_annotations(self, items: Iterable[Item]) -> None:
        for position, (text, span) in enumerate(items, start=1):
            self._watch.listed(span.end - span.start)
            entry = brief(text)
            image = self._image("" if entry.image is None else entry.image)
            name = str(position if entry.identifier is None else entry.identifier)
            image.spans[_unused(name, image.spans)] = span
            image.bitmasks += entry.is_mask
            image.size = image.size or entry.size
            if entry.category is not None and entry.category not in self._categories:
                self._add_class(entry.category, "")

    def _image(self, image_id: int | str) -> _Image:
        image = self._images.get(image_id)
        if image is None:
            image = self._images[image_id] = _Image(image_id, str(image_id))
        return image

    def _annotations(self, image: _Image) -> Iterator[tuple[str, object]]:
        try:
            with open_ordinary(self.path) as file:
                if Stamp.of(self.path.stat()) != self._stamp:
                    raise InputError(tr("{file} was changed by another program. Open it again.").format(file=self.path))
                for object_hash, span in image.spans.items():
                    file.seek(span.start)
                    yield object_hash, json_of(file.read(span.end - span.start))
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
        category = identifier(entry.get("category_id"))
        found = self._categories.get(category) if category is not None else None
        shape = shape_of(entry)
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


def _unused(wanted: str, taken: Collection[str]) -> str:
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


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
