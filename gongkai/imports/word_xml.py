"""A docx as the XML that it is: opened within bounds, its styles, and what of it a reader never sees."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - the library's name is in lower case

from gongkai.imports.page import UnreadableFileError

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MAIN: Final = "/officeDocument"
_STRICT: Final = b"http://purl.oclc.org/ooxml/"
MOST_BYTES: Final = 64 * 1024 * 1024
"""Of one part, unpacked."""
MOST_OF_ALL: Final = 400 * 1024 * 1024
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Style:
    name: str
    based_on: str
    is_hidden: bool | None
    number: tuple[str, int | None]
    """The list and the level that the style puts its paragraphs into; the level None where the list tells it."""
    is_centred: bool | None


@dataclass(frozen=True, slots=True)
class Word:
    """A docx, opened; `main` is the name of its document part."""

    data: bytes
    parts: Mapping[str, bytes]
    main: str
    styles: Mapping[str, Style]

    def tree(self, name: str) -> Element | None:
        """A part as XML, made anew for each caller; None where there is no such part."""
        return parsed(self.parts[name]) if name in self.parts else None

    @property
    def folder(self) -> str:
        return self.main.rpartition("/")[0]

    def beside(self, name: str) -> Element | None:
        """A part that lies beside the document, such as styles.xml."""
        return self.tree(f"{self.folder}/{name}")


def open_word(data: bytes) -> Word:
    """Raise UnreadableFileError for what is no docx, or more than one may be."""
    if data.startswith(_OLE):
        is_locked = _ENCRYPTED in data
        raise UnreadableFileError(
            "文件设了打开密码，读不了。请在 Word 或 WPS 里去掉密码，另存一份再导入"
            if is_locked
            else "文件名是 .docx，内容却是旧格式（.doc 或 .wps）。请在 Word 或 WPS 里“另存为”.docx 再导入"
        )
    try:
        parts = _parts(data)
        main = _main_of(parts)
        styles = _styles(parts.get(f"{main.rpartition('/')[0]}/styles.xml"))
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError, OSError, KeyError):
        raise UnreadableFileError(
            "文件已损坏或者不是 docx，打不开。请用 Word 或 WPS 打开，另存为 .docx 再导入"
        ) from None
    except ElementTree.ParseError:
        raise UnreadableFileError("docx 里的内容已损坏。请用 Word 或 WPS 打开，另存为 .docx 再导入") from None
    return Word(data, parts, main, styles)


def parsed(data: bytes) -> Element:
    """XML without entities of its own: they are a known way to harm, and no office writes any."""
    if b"<!DOCTYPE" in data[:4096]:
        raise UnreadableFileError("docx 里有不该有的内容（DOCTYPE）。请用 Word 或 WPS 打开，另存为 .docx 再导入")
    return ElementTree.fromstring(data)


def _parts(data: bytes) -> dict[str, bytes]:
    parts, total = {}, 0
    with ZipFile(BytesIO(data)) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as member:
                content = member.read(MOST_BYTES + 1)
            total += len(content)
            if len(content) > MOST_BYTES or total > MOST_OF_ALL:
                raise UnreadableFileError("docx 展开以后太大，没有读。请减小其中的图片，再导入")
            parts[entry.filename] = content
    return parts


def _main_of(parts: Mapping[str, bytes]) -> str:
    for relation in parsed(parts["_rels/.rels"]):
        if (relation.get("Type") or "").endswith(_MAIN):
            main = (relation.get("Target") or "").lstrip("/")
            if _STRICT in parts[main][:4096]:
                raise UnreadableFileError("这是“严格的 Open XML”格式。请另存为普通的 .docx（Word 文档）再导入")
            parsed(parts[main])
            return main
    raise KeyError("officeDocument")


def _styles(data: bytes | None) -> dict[str, Style]:
    if data is None:
        return {}
    return {style.get(f"{W}styleId") or "": _style(style) for style in parsed(data).iter(f"{W}style")}


def _style(style: Element) -> Style:
    number = style.find(f"{W}pPr/{W}numPr")
    level = value_of(number, "ilvl") if number is not None else ""
    return Style(
        name=value_of(style, "name").casefold(),
        based_on=value_of(style, "basedOn"),
        is_hidden=_switch(style.find(f"{W}rPr/{W}vanish")),
        number=(value_of(number, "numId"), int(level) if level.isdecimal() else None),
        is_centred=_centred(style.find(f"{W}pPr")),
    )


def value_of(parent: Element | None, name: str) -> str:
    """The `w:val` of a child, "" where there is none."""
    child = parent.find(f"{W}{name}") if parent is not None else None
    return (child.get(f"{W}val") or "") if child is not None else ""


def number_of(element: Element | None) -> int:
    """The `w:val` of an element as a number, 0 where there is none."""
    written = (element.get(f"{W}val") or "") if element is not None else ""
    return int(written) if written.isdecimal() else 0


def _switch(element: Element | None) -> bool | None:
    """What an on-or-off element says; None where it is not there."""
    return None if element is None else element.get(f"{W}val") not in ("0", "false", "off")


def _centred(properties: Element | None) -> bool | None:
    where = value_of(properties, "jc")
    return where == "center" if where else None


def line_of_styles(word: Word, name: str) -> Iterator[Style]:
    """A style and those it is based on, nearest first."""
    seen: set[str] = set()
    while name in word.styles and name not in seen:
        seen.add(name)
        yield word.styles[name]
        name = word.styles[name].based_on


def style_id(paragraph: Element) -> str:
    return value_of(paragraph.find(f"{W}pPr"), "pStyle")


def is_centred(word: Word, paragraph: Element) -> bool:
    own = _centred(paragraph.find(f"{W}pPr"))
    styled = (style.is_centred for style in line_of_styles(word, style_id(paragraph)))
    return bool(own if own is not None else next((one for one in styled if one is not None), False))


def is_hidden_run(word: Word, run: Element, paragraph_style: str) -> bool:
    """Whether Word shows the run: 隐藏文字, on the run itself or by a style."""
    properties = run.find(f"{W}rPr")
    own = _switch(properties.find(f"{W}vanish")) if properties is not None else None
    if own is not None:
        return own
    names = (value_of(properties, "rStyle"), paragraph_style)
    return any(
        next((one for one in (s.is_hidden for s in line_of_styles(word, name)) if one is not None), False)
        for name in names
    )


def chosen(alternative: Element) -> Element:
    """Of what a newer and an older Word may show, what the newer shows."""
    choice = alternative.find(f"{MC}Choice")
    fallback = alternative.find(f"{MC}Fallback")
    found = choice if choice is not None else fallback
    return found if found is not None else Element("none")


def is_deleted(element: Element) -> bool:
    """What a revision took away: deleted or moved words, a deleted row."""
    if element.tag in (f"{W}del", f"{W}moveFrom"):
        return True
    return element.tag == f"{W}tr" and element.find(f"{W}trPr/{W}del") is not None


def is_contents(word: Word, element: Element) -> bool:
    """Whether it is a printed table of contents, whose page numbers mean nothing on a page of the web."""
    if element.tag == f"{W}sdt":
        gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"
    names = (style.name for style in line_of_styles(word, style_id(element))) if element.tag == f"{W}p" else ()
    return any(name.startswith("toc ") and name[4:].isdecimal() for name in names)
