"""A docx made ready for the converter: what is not to be published taken out, what it cannot read put in its words.

Deleted and hidden text goes, wrappers give way to what they hold, text boxes become paragraphs after the one they hang
on, and the numbers that Word prints become text or, in lists, a `number_mark`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring
from zipfile import ZIP_DEFLATED, ZipFile

from gongkai.imports.blocks import number_mark
from gongkai.imports.word_numbering import Label, Numbering
from gongkai.imports.word_xml import MC, M, W, Word, chosen, is_contents, is_deleted, is_hidden_run, number_of, style_id

_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PICTURE: Final = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
_OBJECT: Final = "{urn:schemas-microsoft-com:office:office}OLEObject"
_WRAPPERS: Final = frozenset(
    f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "fldSimple", "dir", "bdo")
)
_DROPPED: Final = frozenset(f"{W}{name}" for name in ("sdtPr", "sdtEndPr", "rt", "rubyPr", "customXmlPr", "smartTagPr"))
_LOSSES: Final = {
    f"{M}oMath": "公式",
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart": "图表",
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds": "SmartArt 图",
    _OBJECT: "嵌入的对象（如 Excel 表）",
    f"{W}altChunk": "嵌入的文件",
    f"{W}checkBox": "复选框",
}


@dataclass(slots=True)
class Cleaning:
    """One docx on its way; `counts` are what was left out by its name, `losses` what could not be kept."""

    word: Word
    counts: Counter[str] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)
    numbering: Numbering = field(init=False)

    def __post_init__(self) -> None:
        self.numbering = Numbering(self.word)

    def cleaned(self) -> bytes:
        """The docx for the converter."""
        changed = {self.word.main: self._document(), f"{self.word.folder}/numbering.xml": _two_lists()}
        for name in ("footnotes.xml", "endnotes.xml"):
            changed |= self._notes(f"{self.word.folder}/{name}")
        target = BytesIO()
        with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=1) as archive:
            for name, data in {**self.word.parts, **changed}.items():
                archive.writestr(name, data)
        return target.getvalue()

    def _document(self) -> bytes:
        root = self.word.tree(self.word.main)
        body = root.find(f"{W}body") if root is not None else None
        if root is None or body is None:
            return self.word.parts[self.word.main]
        body[:] = list(self._blocks(body))
        return tostring(root)

    def _notes(self, name: str) -> dict[str, bytes]:
        root = self.word.tree(name)
        if root is None:
            return {}
        for note in root:
            note[:] = list(self._blocks(note))
        return {name: tostring(root)}

    def _blocks(self, parent: Element) -> Iterator[Element]:
        for child in parent:
            if self._is_out(child):
                continue
            if child.tag == f"{MC}AlternateContent":
                yield from self._blocks(chosen(child))
            elif child.tag in _WRAPPERS:
                self._count_insertion(child)
                yield from self._blocks(child)
            elif child.tag == f"{W}p":
                yield from self._paragraph(child)
            else:
                self._table_part(child)
                yield child

    def _table_part(self, part: Element) -> None:
        if part.tag == f"{W}altChunk":
            self._count_losses(part)
        if part.tag not in (f"{W}tbl", f"{W}tr", f"{W}tc"):
            return
        gap = number_of(part.find(f"{W}trPr/{W}gridBefore"))
        inside = list(self._blocks(part))
        if gap:
            first = next((at for at, one in enumerate(inside) if one.tag == f"{W}tc"), len(inside))
            inside.insert(first, _empty_cell(gap))
        part[:] = inside

    def _is_out(self, element: Element) -> bool:
        if is_deleted(element):
            self.counts["修订中删去的内容"] += _has_words(element)
            return True
        if is_contents(self.word, element):
            self.counts["目录"] += element.tag == f"{W}sdt" or self.counts["目录"] == 0
            return True
        return element.tag in _DROPPED

    def _count_insertion(self, element: Element) -> None:
        if element.tag in (f"{W}ins", f"{W}moveTo") and _has_words(element):
            self.counts["修订中新增的内容"] += 1

    def _paragraph(self, paragraph: Element) -> Iterator[Element]:
        label = self.numbering.label(paragraph)
        level = self.numbering.depth(paragraph)
        boxes: list[Element] = []
        style = style_id(paragraph)
        inside = list(self._inline(paragraph, style, boxes))
        paragraph[:] = _numbered(inside, label, level)
        self.losses["编号（写法认不出来）"] += label.is_unknown
        yield paragraph
        for box in boxes:
            self.counts["文本框"] += 1
            yield from self._blocks(box)

    def _inline(self, node: Element, style: str, boxes: list[Element]) -> Iterator[Element]:
        for child in node:
            if self._is_out(child):
                continue
            if child.tag == f"{W}r" and is_hidden_run(self.word, child, style):
                self.counts["隐藏文字"] += _has_words(child)
            elif child.tag == f"{W}txbxContent":
                boxes.append(child)
            elif child.tag == f"{MC}AlternateContent":
                yield from self._inline(chosen(child), style, boxes)
            elif child.tag in _WRAPPERS or child.tag in (f"{W}ruby", f"{W}rubyBase"):
                self._count_insertion(child)
                self.counts["注音"] += child.tag == f"{W}ruby"
                yield from self._inline(child, style, boxes)
            else:
                yield self._kept(child, style, boxes)

    def _kept(self, child: Element, style: str, boxes: list[Element]) -> Element:
        self._count_losses(child)
        if child.tag in (f"{W}pPr", f"{W}rPr"):
            return child
        if child.tag in (f"{M}oMath", f"{M}oMathPara"):
            return _run("".join(text.text or "" for text in child.iter(f"{M}t")))
        if child.tag == f"{W}cr":
            child.tag = f"{W}br"
        if child.tag == f"{W}br" and child.get(f"{W}type") not in (None, "textWrapping"):
            return Element(f"{W}proofErr")
        if child.tag == f"{_A}graphicData":
            child[:] = [*self._shown(child, style, boxes)]
        elif len(child):
            child[:] = list(self._inline(child, style, boxes))
        return child

    def _shown(self, graphic: Element, style: str, boxes: list[Element]) -> list[Element]:
        """The pictures of a drawing, out of their groups; what it says goes into `boxes`."""
        kept = list(self._inline(graphic, style, boxes))
        return [picture for part in kept for picture in part.iter(_PICTURE)]

    def _count_losses(self, element: Element) -> None:
        name = _LOSSES.get(element.tag)
        if name:
            self.losses[name] += 1


def _two_lists() -> bytes:
    """All that the converter need know of numbers: list 1 has bullets, list 2 figures, at every level."""
    root = Element(f"{W}numbering")
    for name, form in (("1", "bullet"), ("2", "decimal")):
        abstract = SubElement(root, f"{W}abstractNum", {f"{W}abstractNumId": name})
        for level in range(9):
            one = SubElement(abstract, f"{W}lvl", {f"{W}ilvl": str(level)})
            SubElement(one, f"{W}numFmt", {f"{W}val": form})
    for name in ("1", "2"):
        number = SubElement(root, f"{W}num", {f"{W}numId": name})
        SubElement(number, f"{W}abstractNumId", {f"{W}val": name})
    return tostring(root)


def _numbered(inside: list[Element], label: Label, level: int) -> list[Element]:
    """A paragraph's content with its number in front: as text, or as the mark of an item of a list."""
    if not (label.text or label.is_list):
        return inside
    properties = next((one for one in inside if one.tag == f"{W}pPr"), None)
    rest = [one for one in inside if one is not properties]
    properties = properties if properties is not None else Element(f"{W}pPr")
    for own in properties.findall(f"{W}numPr"):
        properties.remove(own)
    name = ("2" if label.number else "1") if label.is_list else "0"
    number = SubElement(properties, f"{W}numPr")
    SubElement(number, f"{W}ilvl", {f"{W}val": str(level)})
    SubElement(number, f"{W}numId", {f"{W}val": name})
    front = number_mark(label.number) if label.number else "" if label.is_list else label.printed
    return [properties, *([_run(front)] if front else []), *rest]


def _has_words(element: Element) -> bool:
    texts = (text for tag in ("t", "delText") for text in element.iter(f"{W}{tag}"))
    return any((text.text or "").strip() for text in texts)


def _run(text: str) -> Element:
    run = Element(f"{W}r")
    SubElement(run, f"{W}t").text = text
    return run


def _empty_cell(width: int) -> Element:
    cell = Element(f"{W}tc")
    properties = SubElement(cell, f"{W}tcPr")
    SubElement(properties, f"{W}gridSpan", {f"{W}val": str(width)})
    SubElement(cell, f"{W}p")
    return cell
