"""A disclosure page as a content management system flattened it to text.

The text has, in order: the title on the first line that is not blank; 发布时间, 来源 and 字体 on one line or
several; the table of eight fields, one to a line, with or without bullets; and the body, one paragraph to a
line. Only the page's own furniture is dropped: 字体 with its buttons, as `字体: [ ]` or `字体 [大 中 小]`.
Whatever else stands above the body and is none of these is refused, so that nothing is lost unseen.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NoReturn

from gongkai.imports.outline import lines_of, to_markdown
from gongkai.imports.spans import BLANKS

FIELD_KEYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "信息类别": "category",
        "文件编号": "document_number",
        "公开方式": "disclosure",
        "生成日期": "created",
        "公开时限": "term",
        "公开范围": "audience",
        "信息索取号": "index",
        "索引号": "index",
        "责任部门": "department",
    }
)

_BULLETS: Final = "•·●▪■◆*-"
_LABELLED: Final = re.compile(rf"(?P<bullet>[{_BULLETS}]?)\s*(?P<label>[^:：]{{1,12}}?)\s*[:：](?P<value>.*)")
_PUBLICATION_LABEL: Final = re.compile(r"(发布时间|来源)\s*[:：]|(字体)(?=\s*[:：\[【（(]|\s*$)")
_FONT_BUTTONS: Final = re.compile(r"[:：]?\s*(?:[\[【（(][\s大中小|]*[\]】）)])?")


@dataclass(frozen=True, slots=True)
class Imported:
    """What a flattened page says, every value as it was written there."""

    title: str
    published: str
    source: str
    fields: Mapping[str, str]
    """The eight fields under their English keys; "" for one that is empty or missing."""
    body: str
    """Markdown."""


class NotFlattened(ValueError):  # noqa: N818 - says what the text is; callers read it so
    """The text is not such a page; the message tells the clerk which line should have been what."""


def read_flattened(text: str) -> Imported:
    """Raise NotFlattened where the title, 发布时间 or the field table is missing or cannot be told apart."""
    lines = [line.strip(BLANKS) for line in lines_of(text)]
    title, table, body = _parts(lines)
    publication = _publication(lines, title + 1, table)
    return Imported(
        title=lines[title],
        published=publication["发布时间"],
        source=publication.get("来源", ""),
        fields=_fields(lines, table, body),
        body=to_markdown("\n".join(lines[body:])),
    )


def body_of(text: str) -> str:
    """The body as the page has it, the lines above it left blank: its line numbers are those of the text."""
    lines = lines_of(text)
    _, _, body = _parts([line.strip(BLANKS) for line in lines])
    return "\n".join([*[""] * body, *lines[body:]])


def _parts(lines: Sequence[str]) -> tuple[int, int, int]:
    """Where the title stands, where the field table begins, and where the body begins."""
    title = next((at for at, line in enumerate(lines) if line), None)
    if title is None:
        _refuse(1, "标题", "")
    table = next((at for at, line in enumerate(lines) if at > title and _field(line)), None)
    if table is None:
        _refuse(_next_line(lines, title), "字段表（如“信息索取号：……”一行）", "")
    body = table
    bullet = _bullet(lines[table])
    for at in range(table, len(lines)):
        if lines[at] and not _is_row(lines[at], bullet):
            break
        body = at + 1
    return title, table, body


def _field(line: str) -> re.Match[str] | None:
    row = _LABELLED.fullmatch(line)
    return row if row and row["label"] in FIELD_KEYS else None


def _bullet(line: str) -> str:
    row = _LABELLED.fullmatch(line)
    return row["bullet"] if row else ""


def _is_row(line: str, bullet: str) -> bool:
    """Rows look like the first: in a table with bullets any bulleted label is one, known or not."""
    return _bullet(line) == bullet and (bool(bullet) or _field(line) is not None)


def _publication(lines: Sequence[str], start: int, end: int) -> dict[str, str]:
    """The values of 发布时间 and 来源, from the lines between title and field table."""
    found: dict[str, str] = {}
    for at in range(start, end):
        for label, value in _labelled_values(lines[at], at + 1):
            if label in found:
                _refuse(at + 1, f"只有一处“{label}”", lines[at])
            found[label] = value
    if "发布时间" not in found:
        _refuse(_next_line(lines, start - 1), "“发布时间：……”", lines[_next_line(lines, start - 1) - 1])
    return found


def _labelled_values(line: str, number: int) -> list[tuple[str, str]]:
    if not line:
        return []
    marks = list(_PUBLICATION_LABEL.finditer(line))
    if not marks or marks[0].start() > 0:
        _refuse(number, "“发布时间：……”“来源：……”或“字体”", line)
    ends = [mark.start() for mark in marks[1:]] + [len(line)]
    values = [(mark, line[mark.end() : end].strip(BLANKS)) for mark, end in zip(marks, ends, strict=True)]
    for mark, value in values:
        if mark[2] and not _FONT_BUTTONS.fullmatch(value):
            _refuse(number, "“字体”之后只有 [大 中 小]", value)
    return [(mark[1], value) for mark, value in values if mark[1]]


def _fields(lines: Sequence[str], start: int, end: int) -> Mapping[str, str]:
    fields = dict.fromkeys(FIELD_KEYS.values(), "")
    seen: set[str] = set()
    for at in range(start, end):
        row = _LABELLED.fullmatch(lines[at])
        if row is None:
            continue
        key = FIELD_KEYS.get(row["label"])
        if key is None:
            _refuse(at + 1, f"字段表的八个字段之一（{'、'.join(FIELD_KEYS)}）", lines[at])
        if key in seen:
            _refuse(at + 1, f"“{row['label']}”在字段表中只出现一次", lines[at])
        seen.add(key)
        fields[key] = row["value"].strip(BLANKS)
    return MappingProxyType(fields)


def _next_line(lines: Sequence[str], after: int) -> int:
    """The number (from 1) of the next line that is not blank."""
    return next((at + 1 for at in range(after + 1, len(lines)) if lines[at]), after + 1)


def _refuse(number: int, expected: str, found: str) -> NoReturn:
    actual = f"，实为“{found[:30]}”" if found else "，但没有找到"
    raise NotFlattened(f"第 {number} 行：应为{expected}{actual}")
