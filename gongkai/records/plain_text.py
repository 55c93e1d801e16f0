"""The plain text of what can be searched: of rendered HTML, and of attachments in docx, xlsx and pdf.

Attachments come from anywhere and are read within bounds: so much of an archive's member, so many characters, and a
pdf, whose readers have been led astray by damaged files for as long as there have been any, in a process of its own
that is ended when it takes too long or too much memory.
"""

import json
import logging
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from selectolax.lexbor import LexborHTMLParser, LexborNode

_INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em i img ins kbd mark q rp rt ruby s small span strong sub sup u".split()  # noqa: SIM905
)
_UNSEEN = frozenset(("script", "style", "template", "noscript"))
KINDS = (".docx", ".xlsx", ".pdf")
#: Characters of one file; a novel has as many.
MOST_CHARACTERS = 400_000
#: Bytes of one member of an archive, unpacked.
MOST_BYTES = 64 * 1024 * 1024
SECONDS = 60
#: Bytes of memory for one pdf.
_MEMORY = 1_500 * 1024 * 1024

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PARTS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_SHEETS = re.compile(r"xl/worksheets/sheet(\d+)\.xml")


def visible_text(html: str) -> str:
    """A line for each block of `html`; inline elements leave no seam; scripts and styles are left out."""
    body = LexborHTMLParser(html).body
    return text_of_node(body) if body is not None else ""


def text_of_node(node: LexborNode) -> str:
    """The same of one element that was parsed already."""
    parts: list[str] = []
    _collect(node, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _collect(node: LexborNode, parts: list[str]) -> None:
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            parts.append((child.text_content or "").replace("\n", " "))
        elif child.tag not in _UNSEEN:
            seam = "" if child.tag in _INLINE else "\n"
            parts.append(seam)
            _collect(child, parts)
            parts.append(seam)


class Page(NamedTuple):
    """`number` is None where the file has no pages."""

    number: int | None
    text: str


class Attached(NamedTuple):
    """What a file says; `trouble` is the code of a finding, "" where all of it was read."""

    pages: tuple[Page, ...]
    trouble: str = ""


class _TooMuchError(ValueError):
    """More than is read of one file."""


def attached_text(file: Path) -> Attached:
    """The text of `file`; nothing of a kind that is not in `KINDS`."""
    kind = file.suffix.lower()
    if kind == ".pdf":
        return _pdf(file)
    if kind not in KINDS:
        return Attached(())
    try:
        with ZipFile(file) as archive:
            text = "\n".join(filter(None, _docx(archive) if kind == ".docx" else _xlsx(archive)))
    except _TooMuchError:
        return Attached((), "attachment-cut")
    except (OSError, BadZipFile, ElementTree.ParseError, KeyError, ValueError, RuntimeError, NotImplementedError):
        return Attached((), "attachment-unreadable")
    return _bounded([Page(None, text)])


def _bounded(pages: list[Page]) -> Attached:
    """Pages up to so many characters."""
    left, kept = MOST_CHARACTERS, []
    for page in pages:
        kept.append(Page(page.number, page.text[:left]))
        left -= len(page.text)
        if left < 0:
            return Attached(tuple(kept), "attachment-cut")
    return Attached(tuple(page for page in kept if page.text))


def _member(archive: ZipFile, name: str) -> ElementTree.Element:
    """A member as XML. One with a document type is none of an office's: entities are a known way to harm."""
    with archive.open(name) as source:
        data = source.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _TooMuchError(name)
    if b"<!DOCTYPE" in data[:4096]:
        raise ValueError(name)
    return ElementTree.fromstring(data)


def _docx(archive: ZipFile) -> Iterator[str]:
    """A line for each paragraph of the text, its tables, headers, footers and notes."""
    for name in sorted(
        filter(_PARTS.fullmatch, archive.namelist()), key=lambda name: (name != "word/document.xml", name)
    ):
        for paragraph in _member(archive, name).iter(f"{_WORD}p"):
            yield "".join(_runs(paragraph)).strip()


def _runs(paragraph: ElementTree.Element) -> Iterator[str]:
    """The text of a paragraph; what was deleted under revision is no more."""
    for node in paragraph.iter():
        if node.tag == f"{_WORD}t":
            yield node.text or ""
        elif node.tag in (f"{_WORD}tab", f"{_WORD}br"):
            yield " "


def _xlsx(archive: ZipFile) -> Iterator[str]:
    """A line for each row of each sheet, as far as its cells hold text or numbers."""
    names = archive.namelist()
    shared = [
        "".join(node.text or "" for node in item.iter(f"{_SHEET}t"))
        for item in (_member(archive, "xl/sharedStrings.xml") if "xl/sharedStrings.xml" in names else ())
    ]
    sheets = sorted((int(match[1]), name) for name in names if (match := _SHEETS.fullmatch(name)))
    for _, name in sheets:
        for row in _member(archive, name).iter(f"{_SHEET}row"):
            yield " ".join(filter(None, (_cell(cell, shared) for cell in row.iter(f"{_SHEET}c"))))


def _cell(cell: ElementTree.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(node.text or "" for node in cell.iter(f"{_SHEET}t")).strip()
    value = cell.find(f"{_SHEET}v")
    text = (value.text or "") if value is not None else ""
    return shared[int(text)].strip() if cell.get("t") == "s" and text else text.strip()


def _pdf(file: Path) -> Attached:
    """The pages of a pdf, read by this module as a program of its own (`print_pages`)."""
    command = [sys.executable, "-P", __file__, str(file), str(MOST_CHARACTERS)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
        pages = [Page(number, text) for number, text in json.loads(done.stdout)]
    except subprocess.TimeoutExpired:
        return Attached((), "attachment-cut")
    except (subprocess.CalledProcessError, ValueError):
        return Attached((), "attachment-unreadable")
    if not any(page.text for page in pages):
        return Attached((), "attachment-scanned")
    return _bounded(pages)


def print_pages(file: str, most: int) -> None:
    """Print the pages of the pdf `file`, up to so many characters, as JSON: `[[1, "text"], …]`.

    Any exception ends the program, and that says enough.
    """
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    logging.disable(logging.CRITICAL)
    from pypdf import PdfReader  # noqa: PLC0415 - within the bound

    pages: list[tuple[int, str]] = []
    said = 0
    for number, page in enumerate(PdfReader(file).pages, 1):
        lines = (" ".join(line.split()) for line in page.extract_text().splitlines())
        text = "\n".join(line for line in lines if line)
        pages.append((number, text))
        said += len(text)
        if said > most:
            break
    sys.stdout.write(json.dumps(pages))


if __name__ == "__main__":
    print_pages(sys.argv[1], int(sys.argv[2]))
