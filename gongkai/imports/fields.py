"""The fields of a document: as its field table has them, or as the first and last lines of a paper tell them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from selectolax.lexbor import LexborNode

from gongkai.imports.page import UnreadableFileError
from gongkai.imports.visible import Line, has_within, lines, rows_of
from gongkai.records.chinese import ANY_DIGIT
from gongkai.records.dates import read_date
from gongkai.records.numbering import standard_document_number
from gongkai.records.vocabulary import KEY_OF

_OTHER_LABELS: Final = {
    "title": "文件名称 信息名称 文件标题",
    "index": "索取号 信息索引号",
    "created": "成文日期 发文日期 成文时间 生成时间 印发日期",
    "published": "发布日期",
    "publisher": "发文机关 发布单位 发文单位 制发机关",
    "department": "责任单位 责任处室",
    "category": "公开类别 信息分类 栏目 所属栏目",
    "subject": "主题分类",
    "keywords": "主题词 关键字",
    "description": "内容概述 摘要",
    "source": "文章来源",
    "disclosure": "公开形式",
    "term": "公开期限",
    "audience": "公开对象",
}
"""As old sites and papers print them, beside those of the vocabulary."""
_NOT_PRINTED: Final = frozenset(
    ("status", "withdrawn", "changes", "replaces", "replaced_by", "reviewed_by", "attachments")
)
LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {label: key for key, labels in _OTHER_LABELS.items() for label in labels.split()}
    | {label: key for label, key in KEY_OF.items() if key not in _NOT_PRINTED and not label.isascii()}
)
"""Every label that is understood, to its field."""
_BLANKS: Final = re.compile(r"[\s\u200b\ufeff]+")
_LABELLED: Final = re.compile(r"[•·●▪■◆*\-]?\s*[【\[]?([^:：\]】]{2,14}?)[】\]]?\s*[:：](.*)", re.S)
_FEWEST_ROWS: Final = 2
_MOST_ROWS: Final = 40
_LONGEST_ROW: Final = 120
"""Characters of a row of fields; a sentence of the text is longer."""

_AT_TOP: Final = 12
_AT_END: Final = 14
_LONGEST_TITLE: Final = 120
_HEADING: Final = re.compile(r"(?:heading|标题) ?1")
_NO_TITLE: Final = re.compile(
    r"[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d+[.．、]|.*(?:文件|公报)$|.*[:：。；]$"
)
_LETTERHEAD: Final = re.compile(r"[^，。：；]{4,30}文件")
_DAY: Final = re.compile(rf"(?:[^\d]*?\s)?((?:\d{{4}}|[{ANY_DIGIT}]{{4}})年[^年月日]{{1,3}}月[^年月日]{{1,3}}日)")
_DISCLOSURE: Final = re.compile(r"此件(主动公开|公开发布|依申请公开|不予公开|不公开)")
_MEANS: Final = {"公开发布": "主动公开", "不公开": "不予公开"}


@dataclass(frozen=True, slots=True)
class FieldTable:
    """`element` is the table; `unknown` are its rows that are no field of ours and say something."""

    element: LexborNode
    values: Mapping[str, str]
    unknown: tuple[tuple[str, str], ...]

    def notes(self) -> Iterator[str]:
        for label, value in self.unknown:
            yield f"字段表里的“{label}：{value}”没有对应的字段，没有导入"


def labelled(text: str) -> tuple[str, str]:
    """The label and the value of `标签：值`; two empty words where it is none."""
    match = _LABELLED.fullmatch(text.strip())
    return (_BLANKS.sub("", match[1]), " ".join(match[2].split())) if match else ("", "")


def _key_of(label: str) -> str:
    """The field that a label names, "" for none: 索 引 号： is 索引号."""
    return LABELS.get(_BLANKS.sub("", label).strip("：:【】[]•·●"), "")


def find_field_table(root: LexborNode) -> FieldTable | None:
    """The field table of a page, wherever it stands and whatever it is made of.

    Rows of a table with one pair or two, lists and boxes of `标签：值`, before the body or after it: it is the element
    that holds the most known labels, and nearly nothing else. Raises UnreadableFileError where there are two that
    speak of different documents.
    """
    found = [table for table in (*_tables(root), *_lists(root)) if len(table.values) >= _FEWEST_ROWS]
    numbers = {table.values["index"] for table in found if table.values.get("index")}
    if len(numbers) > 1:
        raise UnreadableFileError(
            f"页面上有几张字段表，信息索取号各不相同（{'、'.join(sorted(numbers))}）。请把它们分成几个文件，再导入"
        )
    return max(found, key=lambda table: len(table.values), default=None)


def _tables(root: LexborNode) -> Iterator[FieldTable]:
    for table in root.css("table"):
        if not has_within(table, "table"):
            pairs = [pair for row in rows_of(table) for pair in _pairs(row)]
            if _known(pairs) >= max(_FEWEST_ROWS, len(pairs) / 2):
                yield _field_table(table, pairs)


def _pairs(row: list[LexborNode]) -> Iterator[tuple[str, str]]:
    """(label, value) in cells side by side, or within one cell."""
    texts = [_words_in(cell) for cell in row]
    if len(texts) % 2 == 0 and not any(labelled(text)[1] and _key_of(labelled(text)[0]) for text in texts):
        yield from zip(texts[::2], texts[1::2], strict=True)
        return
    yield from (pair for text in texts if (pair := labelled(text))[0])


def _words_in(element: LexborNode) -> str:
    return " ".join(" ".join(lines(element)).split())


def _known(pairs: list[tuple[str, str]]) -> int:
    return sum(bool(_key_of(label)) for label, _ in pairs)


def _lists(root: LexborNode) -> Iterator[FieldTable]:
    """Elements whose children are `标签：值`, or labels and values by turns (dt, dd)."""
    for holder in root.css("ul, ol, div, dl, p, td, section"):
        rows = list(filter(None, map(_words_in, holder.iter())))
        if not _FEWEST_ROWS <= len(rows) <= _MOST_ROWS or any(len(row) > _LONGEST_ROW for row in rows):
            continue
        pairs = [labelled(row) for row in rows]
        if holder.tag == "dl" or not _known(pairs):
            pairs = [(one, other) for one, other in pairwise(rows) if _key_of(one) and not _key_of(other)]
        if _known(pairs) >= max(_FEWEST_ROWS, len(rows) / 3):
            yield _field_table(holder, pairs)


def _field_table(element: LexborNode, pairs: list[tuple[str, str]]) -> FieldTable:
    values: dict[str, str] = {}
    unknown = []
    for label, value in pairs:
        key = _key_of(label)
        if key and (not values.get(key) or values[key] == value):
            values[key] = value
        elif key:
            raise UnreadableFileError(
                f"字段表里“{label}”写了两次，值不一样（“{values[key]}”和“{value}”）。请只留一个，再导入"
            )
        elif value:
            unknown.append((label.strip("：: "), value))
    return FieldTable(element, values, tuple(unknown))


@dataclass(frozen=True, slots=True)
class Lead:
    """`taken` says which lines, from 0, hold the title, the number and the letterhead."""

    title: str = ""
    document_number: str = ""
    taken: tuple[int, ...] = ()
    letterhead: str = ""


def lead_of(lines: Sequence[Line]) -> Lead:
    """The title by its style, by the first heading, or by the first lines in the middle; the number beside it."""
    top = [at for at in range(len(lines)) if lines[at].table is None][:_AT_TOP]
    title = _title_lines(lines, top)
    if not title:
        return Lead()
    around = (title[0] - 1, title[-1] + 1)
    beside = [at for at in around if at in top and standard_document_number(lines[at].text.strip())]
    words = "".join(" ".join(part.split()) for at in title for part in lines[at].text.split("\n"))
    number = lines[beside[0]].text.strip() if beside else _number_among(lines, top, title[0])
    letterhead = [at for at in top if at < title[0] and _is_letterhead(lines[at])][:1]
    taken = tuple(sorted([*title, *beside[:1], *letterhead]))
    return Lead(words, number, taken, "".join(lines[at].text.strip() for at in letterhead))


def _is_letterhead(line: Line) -> bool:
    return line.is_centred and _LETTERHEAD.fullmatch("".join(line.text.split())) is not None


def _number_among(lines: Sequence[Line], top: list[int], title: int) -> str:
    """The number on a line above the title that has 签发人 or a place as well; the line stays in the body."""
    words = (word for at in top if at < title for word in lines[at].text.split())
    return next((word for word in words if standard_document_number(word)), "")


def _title_lines(lines: Sequence[Line], top: list[int]) -> list[int]:
    """The lines of the title: of those in the title's style, the first heading, those in the middle."""
    for test in (_is_in_style, _is_heading, _is_in_the_middle):
        first = next((at for at in top if test(lines[at])), None)
        if first is None or (test is _is_heading and first > top[0] + 3):
            continue
        run = [first]
        while test is not _is_heading and run[-1] + 1 in top and test(lines[run[-1] + 1]):
            run.append(run[-1] + 1)
        if sum(len(lines[at].text) for at in run) <= _LONGEST_TITLE:
            return run
    return []


def _is_in_style(line: Line) -> bool:
    return line.style == "title"


def _is_heading(line: Line) -> bool:
    return _HEADING.fullmatch(line.style) is not None and not _NO_TITLE.match(line.text.strip())


def _is_in_the_middle(line: Line) -> bool:
    words = line.text.strip()
    is_day = _DAY.fullmatch("".join(words.split()).strip("（）()")) is not None
    is_other = is_day or _NO_TITLE.match(words) or standard_document_number(words)
    return line.is_centred and not is_other


def is_no_title(line: str) -> bool:
    """Whether a first line is no title: a sentence, a numbered heading, the head of a letter."""
    return len(line) > _LONGEST_TITLE or _NO_TITLE.match(line) is not None


def told_by_lines(lines: Sequence[Line]) -> dict[str, str]:
    """The day of creation and the disclosure, "" each where the lines do not say it or say several."""
    return {"created": _day(lines), "disclosure": _disclosure(lines)}


def _day(lines: Sequence[Line]) -> str:
    """The one day that stands alone on a line near the end, as 落款 has it.

    Where there is none near the end, attachments may follow: then the only one of the whole paper.
    """
    found = _days(lines[-_AT_END:]) or _days(lines)
    return found.pop() if len(found) == 1 else ""


def _days(lines: Sequence[Line]) -> set[str]:
    found = set()
    for line in lines:
        match = _DAY.fullmatch(" ".join(line.text.split()))
        if match is None or line.table is not None:
            continue
        with suppress(ValueError):
            found.add(read_date(match[1].replace(" ", ""))[0].isoformat())
    return found


def _disclosure(lines: Sequence[Line]) -> str:
    """What （此件主动公开） and its like say."""
    marks = {match[1] for line in lines if (match := _DISCLOSURE.search("".join(line.text.split())))}
    mark = marks.pop() if len(marks) == 1 else ""
    return _MEANS.get(mark, mark)
