"""What of a file has one right answer, written so: widths beside Chinese, brackets of a 文号, dates, odd colons.

A file is changed where nothing else can be meant, and nowhere else: code, comments, addresses, tags and the marks of
tables stay as they are, and so do line ends. A file that would then be read otherwise is not changed at all.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from difflib import unified_diff
from functools import cache
from pathlib import Path
from typing import NamedTuple

import autocorrect_py

from gongkai.catalogue.order import Decided
from gongkai.catalogue.sources import FolderDefaults, shown_path
from gongkai.records.editing import LINES, NotEditableError, editable_text, field_lines
from gongkai.records.findings import Finding
from gongkai.records.front_matter import Source, decode, plain_entry, split_source
from gongkai.records.markdown import CODE_OR_COMMENT
from gongkai.records.reading import NO_DEFAULTS, Defaults, Document, read_document, read_notes
from gongkai.records.record import Record
from gongkai.records.values import Term

#: Official documents have no blank between Chinese and digits (`2024年`), so of the library's rules one is on.
_OFF = (
    "space-word space-punctuation space-bracket space-backticks space-dash space-dollar "
    "no-space-fullwidth no-space-fullwidth-quote halfwidth-word halfwidth-punctuation spellcheck"
)
_WIDE = dict(zip(",.:;!?", "，。：；！？", strict=True))
_KEPT = re.compile(
    r"""<(?P<code>(?i:pre|code|script|style|kbd|samp|textarea))\b(?s:.*?)(?:</(?i:(?P=code))\s*>|\Z)"""
    r"""|</?[A-Za-z][^<>]*>|<[^<>\s]+>|\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\]\[[^\]\n]*\]"""
    r"""|^[ ]{0,3}\*?\[(?!\^)[^\]\n]+\]:(?:[ \t]*\S*)|^(?:[ ]{4}|\t).*$|^[ \t]*(?:!!!|\?\?\?|===|:[ \t]).*$"""
    r"""|^[ \t|:+-]+$|\{[^{}\n]*\}"""
    r"""|(?:(?i:https?|ftp)://|www\.)[^\s<>。，、；：？！“”‘’「」『』（）《》〈〉【】〔〕…—]+|[\w.+-]+@[\w.-]+|\\.|\[\^[^\]\n]+\]:?"""
    r"""|(?<!\w):[a-z0-9_+-]+:""",
    re.MULTILINE,
)
#: What a reference is to: `[甲,乙]: b.md`, in a list or a quotation as well.
_DEFINED = re.compile(r"^[ \t>]*(?:[*+-][ \t]+)?\*?\[(?!\^)(?P<label>[^\[\]]+)\]:", re.MULTILINE)
_BRACKETED = re.compile(r"\[([^\[\]]+)\]")
#: 文号 in a sentence: 示科字[2025]8号. One with 第, and one without an office before it, may be another thing.
_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff])[\[(﹝【（]\s?((?:19|20)\d{2})\s?[\])﹞】）](?=\d{1,5}号)")
_OFFICE = re.compile(r"[\u4e00-\u9fff]*(?:字|发|函|办|规|通|政|纪|任|令|公告|决|复|电)$")
_ENDS = re.compile(r"[”’』」）)\s]*$")
_ROUNDS = 4
_UNFIXABLE = frozenset(["encoding", "front-matter-missing", "front-matter-unclosed"])


class Change(NamedTuple):
    """A file, what stands in it and what should; `is_public` where readers have it before them."""

    file: Path
    shown: str
    before: bytes
    after: bytes
    is_public: bool

    def difference(self) -> Iterator[str]:
        """The lines that change, in the form of `diff -u`."""
        before, after = ((decode(data)[0] or "").splitlines(keepends=True) for data in (self.before, self.after))
        lines = list(unified_diff(before, after, self.shown, self.shown, n=1))
        if not lines:
            yield f"--- {self.shown}\n（编码改为 UTF-8，文字不变）\n"
        for line in lines:
            yield line if line.endswith("\n") else f"{line}\n（文件末尾没有换行）\n"


def changes(docs_dir: Path, everything: Iterable[Decided], zone: tzinfo) -> Iterator[Change]:
    """What is to be mended in the files of `everything`, documents of `docs_dir`."""
    defaults = FolderDefaults(docs_dir, zone)
    for one in everything:
        file = docs_dir / one.document.path
        before = file.read_bytes()
        after = fixed(before, zone, defaults.of(one.document.folder))
        if after != before:
            yield Change(file, shown_path(file), before, after, not one.is_hidden)


def fixed(data: bytes, zone: tzinfo, defaults: Defaults = NO_DEFAULTS) -> bytes:
    """`data`, the bytes of a document, with what has one right answer; the same bytes where there is nothing to mend.

    Mending the result again changes nothing. GBK, UTF-16 and a byte order mark become plain UTF-8.
    """
    before = data
    for _ in range(_ROUNDS):
        after = _once(before, zone, defaults)
        if after == before:
            break
        before = after
    return before if before != data and _is_read_alike(data, before, zone, defaults) else data


def _once(data: bytes, zone: tzinfo, defaults: Defaults) -> bytes:
    source = split_source(data)
    if not _UNFIXABLE.isdisjoint(problem.code for problem in source.problems):
        return data
    try:
        text, _ = editable_text(data)
    except NotEditableError:
        return data
    lines = LINES.findall(text.removeprefix("\ufeff"))
    start, end = source.first_line - 1, source.body_line - 1
    fields = _fixed_fields(lines[start : start + len(source.written)], source, data, zone, defaults)
    between = lines[start + len(source.written) : end]
    return "".join([*lines[:start], *fields, *between, fixed_body("".join(lines[end:]))]).encode()


def _fixed_fields(lines: list[str], source: Source, data: bytes, zone: tzinfo, defaults: Defaults) -> list[str]:
    """The lines of the front matter, each value that was read with goodwill written as it was read."""
    for note in read_notes(data, zone, defaults):
        first, last = field_lines(source, note.key)
        own = "".join(lines[first:last])
        written = note.written.strip()
        if written and own.count(written) == 1 and "\n" not in note.written:
            lines[first:last] = LINES.findall(own.replace(written, note.read))
    return [_plain_line(line) for line in lines]


def _plain_line(line: str) -> str:
    words = line.rstrip("\r\n")
    return plain_entry(words, 1, []) + line[len(words) :] if words.strip() else line


def fixed_body(body: str) -> str:
    """A body with full-width punctuation beside Chinese, and the brackets that a 文号 has."""
    kept = _kept(body)
    made, place = [], 0
    for line in LINES.findall(body):
        words = line.rstrip("\r\n")
        edits = [*_widths(words), *_brackets(words)]
        made.append(_edited(words, [edit for edit in edits if not kept[place + edit[0]]]))
        made.append(line[len(words) :])
        place += len(line)
    return "".join(made)


def _kept(body: str) -> bytearray:
    """A byte for each character of a body, 1 where it stays as it is."""
    plain = body.replace("\r\n", " \n").replace("\r", "\n")  # as long as before
    spans = [match.span() for form in (CODE_OR_COMMENT, _KEPT) for match in form.finditer(plain)]
    kept = bytearray(len(body))
    for start, end in [*spans, *_labels(plain)]:
        kept[start:end] = b"\1" * (end - start)
    return kept


def _labels(plain: str) -> Iterator[tuple[int, int]]:
    """The brackets whose words are a label: made wide, they would lead nowhere."""
    defined = {_label(match["label"]) for match in _DEFINED.finditer(plain)}
    if defined:
        yield from (match.span() for match in _BRACKETED.finditer(plain) if _label(match[1]) in defined)


def _label(words: str) -> str:
    """A label as Markdown compares it."""
    return " ".join(words.lower().split())


#: Where in a line, how many characters, and what instead.
_Edit = tuple[int, int, str]


def _widths(line: str) -> Iterator[_Edit]:
    """The library's proposals, as far as each is a mark made wide, with the blank after it gone."""
    proposal = _proposed(line)
    if proposal == line:
        return
    place = 0
    edits: list[_Edit] = []
    for character in proposal:
        while line[place : place + 1] == " " and character != " ":
            if not edits or edits[-1][0] + edits[-1][1] != place:
                return
            edits[-1] = (edits[-1][0], edits[-1][1] + 1, edits[-1][2])
            place += 1
        own = line[place : place + 1]
        if own != character:
            if _WIDE.get(own) != character:
                return
            edits.append((place, 1, character))
        place += 1
    yield from (edit for edit in edits if line[edit[0]] != "." or _ENDS.match(line, edit[0] + 1))


def _brackets(line: str) -> Iterator[_Edit]:
    for match in _NUMBER.finditer(line):
        if _OFFICE.search(line[: match.start()]):
            yield match.start(), match.end() - match.start(), f"〔{match[1]}〕"


def _edited(line: str, edits: list[_Edit]) -> str:
    for place, length, instead in sorted(edits, reverse=True):
        line = line[:place] + instead + line[place + length :]
    return line


@cache
def _ready() -> None:
    rules = {**dict.fromkeys(_OFF.split(), 0), "fullwidth": 1}
    autocorrect_py.load_config(json.dumps({"rules": rules}))  # type: ignore[attr-defined]  # its stubs lack it


def _proposed(line: str) -> str:
    _ready()
    proposal: str = autocorrect_py.format(line)
    return proposal


def _is_read_alike(before: bytes, after: bytes, zone: tzinfo, defaults: Defaults) -> bool:
    """Whether two files say the same in their fields, and nothing new is wrong with the second."""
    old, new = (read_document(data, path="a.md", zone=zone, defaults=defaults) for data in (before, after))
    return _facts(old.document) == _facts(new.document) and _errors(new.findings) == _errors(old.findings)


def _facts(document: Document | None) -> Record | None:
    """A record but for the words of its term, which may be written in another way."""
    if document is None:
        return None
    record = document.record
    return record.model_copy(update={"term": Term("", record.term.last_day)})


def _errors(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    return sorted((finding.code, finding.field) for finding in findings if finding.is_refusal)
