"""From what a clerk typed to the value of a field, and the words that fields have.

Each `read_…` is a pydantic validator. One that accepts a value in another than the standard form adds a note to the
validation context; one that refuses raises `PydanticCustomError` with the code of a finding and a message for the
clerk.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import partial
from typing import NamedTuple, TypeAlias, TypeVar

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from gongkai.records import dates
from gongkai.records.chinese import half_width
from gongkai.records.numbering import IndexNumber, parse_index_number, standard_document_number
from gongkai.records.vocabulary import nearest

#: What a front matter value is once YAML's quotes and lists are gone; no other types, so nothing is guessed.
Value: TypeAlias = "str | list[Value] | dict[str, Value]"


class Disclosure(StrEnum):
    PROACTIVE = "主动公开"
    ON_REQUEST = "依申请公开"
    WITHHELD = "不予公开"


class Status(StrEnum):
    IN_FORCE = "有效"
    AMENDED = "已修改"
    REPEALED = "废止"
    EXPIRED = "失效"
    DRAFT = "草稿"


PUBLIC_AUDIENCES = ("面向全社会", "面向社会")
AUDIENCES = (*PUBLIC_AUDIENCES, "面向申请人", "面向本机关", "面向本系统", "面向特定对象")
PERMANENT_TERMS = ("常年公开", "长期公开")
_SYNONYMS = {
    "不公开": "不予公开",
    "现行有效": "有效",
    "修改": "已修改",
    "已废止": "废止",
    "已失效": "失效",
    "面向公众": "面向社会",
    "面向全体社会": "面向全社会",
}


@dataclass(frozen=True, slots=True)
class Term:
    """公开时限: as written, and the last day of a limited one (inclusive, Shanghai time)."""

    text: str
    last_day: date | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Validity:
    """时效: the state, the day from which it holds and why, where the document says so."""

    state: Status
    since: date | None = None
    reason: str = ""

    def __str__(self) -> str:
        return self.state


IN_FORCE = Validity(Status.IN_FORCE)


class Note(NamedTuple):
    """A value that was accepted though not in the standard form: as it was written, and as it was read."""

    key: str
    written: str
    read: str

    @property
    def message(self) -> str:
        return f"写作“{self.written}”，已读作“{self.read}”"


@dataclass(slots=True)
class ReadingContext:
    """What validators need beside the value, and the notes that they add."""

    zone: tzinfo
    notes: list[Note] = field(default_factory=list)


_Moment = TypeVar("_Moment", date, datetime)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


def _context(info: ValidationInfo) -> ReadingContext:
    if not isinstance(info.context, ReadingContext):
        raise TypeError("a Record is validated with a ReadingContext")
    return info.context


def _note(info: ValidationInfo, written: str, read: object) -> None:
    _context(info).notes.append(Note(info.field_name or "", written, str(read)))


def _refuse(expected: str, found: object, code: str = "field-value", remedy: str = "") -> PydanticCustomError:
    shown = str(found).replace("{", "｛").replace("}", "｝")
    return PydanticCustomError(code, f"{expected}，实为“{shown}”。{remedy}")


def read_text(value: object) -> str:
    if not isinstance(value, str):
        raise _refuse("应为一行文字", value, remedy="如果值里有方括号或冒号，请把整个值用英文双引号括起来。")
    if _UNPRINTABLE.search(value):
        raise _refuse("应为可以显示的文字，里面有看不见的控制字符", _UNPRINTABLE.sub("□", value), remedy="请删去重打。")
    return value


def read_line(value: object) -> str:
    return re.sub(r"\s*\n\s*", "", read_text(value)).strip()


def read_title(value: object) -> str:
    title = read_line(value)
    if not re.search(r"\w", title):
        raise _refuse("应为文件名称", title)
    return title


def read_day(value: object, info: ValidationInfo) -> date:
    written = read_text(value)
    day, is_unusual = _read_with(dates.read_date, written, "2018-07-26")
    if is_unusual:
        _note(info, written, day.isoformat())
    return day


def read_moment(value: object, info: ValidationInfo) -> datetime:
    written = read_text(value)
    reader = partial(dates.read_moment, zone=_context(info).zone)
    moment, is_unusual = _read_with(reader, written, "2018-07-26 09:55:00")
    if is_unusual:
        _note(info, written, moment.strftime("%Y-%m-%d %H:%M:%S"))
    return moment


def _read_with(reader: Callable[[str], tuple[_Moment, bool]], written: str, example: str) -> tuple[_Moment, bool]:
    try:
        return reader(written)
    except dates.AmbiguousError as problem:
        raise _refuse(str(problem), written, "field-ambiguous", f"请改成 {example} 这样的写法。") from None
    except dates.UnreadableError as problem:
        raise _refuse(str(problem), written) from None


def read_index_number(value: object, info: ValidationInfo) -> IndexNumber:
    written = read_text(value)
    try:
        number = parse_index_number(written)
    except ValueError as problem:
        raise _refuse(str(problem), written) from None
    if number.text != written.strip():
        _note(info, written, number)
    return number


def read_index_text(value: object, info: ValidationInfo) -> str:
    return read_index_number(value, info).text


def read_document_number(value: object, info: ValidationInfo) -> str:
    written = read_line(value)
    standard = standard_document_number(written)
    if standard and standard != written:
        _note(info, written, standard)
    return standard or written


def one_of(words: tuple[str, ...]) -> Callable[[object, ValidationInfo], str]:
    def read(value: object, info: ValidationInfo) -> str:
        written = read_text(value)
        word = half_width(written).strip()
        word = _SYNONYMS.get(word, word)
        if word not in words:
            near = nearest(word, words)
            remedy = f"是不是“{near}”？" if near else ""
            raise _refuse(f"应为{'、'.join(words[:-1])}或{words[-1]}", written, remedy=remedy)
        if word != written.strip():
            _note(info, written, word)
        return word

    return read


def read_audience(value: object, info: ValidationInfo) -> str:
    written = read_line(value)
    word = _SYNONYMS.get(written, written)
    near = None if word in AUDIENCES else nearest(word, PUBLIC_AUDIENCES, likeness=0.75)
    if near:  # a slip of the hand must not hide a document; anything further off is another audience
        raise _refuse(f"应为{'、'.join(AUDIENCES)}之一", written, remedy=f"是不是“{near}”？")
    if word != written:
        _note(info, written, word)
    return word


def read_term(value: object, info: ValidationInfo) -> Term:
    written = read_line(value)
    if written in PERMANENT_TERMS:
        return Term(written)
    match = re.fullmatch(
        r"(?:限时公开)?\s*[(:,]?\s*(?:公开|截止)?(?:至|到|止于)?\s*(.*?\d.*?)\s*[)]?止?", half_width(written)
    )
    if match is None:
        near = None if "限时" in written else nearest(written, PERMANENT_TERMS)
        hint = f"是不是“{near}”？" if near else "限时公开要写明最后一天。"
        raise _refuse("应为常年公开、长期公开或最后一天（如“限时公开至2026-12-31”）", written, remedy=hint)
    return Term(written, read_day(match[1].removesuffix("日止") + "日" if "日止" in match[1] else match[1], info))


_state = one_of(tuple(Status))
_VALIDITY_KEYS = {"状态": "state", "日期": "date", "原因": "reason"}


def read_validity(value: object, info: ValidationInfo) -> Validity:
    """时效: 废止 alone, or with its day and reason: {状态: 废止, 日期: 2026-01-31, 原因: …}."""
    if not isinstance(value, dict):
        return Validity(Status(_state(value, info)))
    given = {_VALIDITY_KEYS.get(key, key): item for key, item in value.items() if item}
    if "state" not in given or not given.keys() <= set(_VALIDITY_KEYS.values()):
        raise _refuse("应为 {状态: …, 日期: …, 原因: …}，其中状态必填", "、".join(value), remedy="请照手册改正。")
    return Validity(
        Status(_state(given["state"], info)),
        read_day(given["date"], info) if "date" in given else None,
        read_line(given.get("reason", "")),
    )


def read_year(value: object, info: ValidationInfo) -> int:
    written = read_text(value)
    match = re.fullmatch(r"((?:19|20)\d{2})(?:年度?)?", half_width(written).strip())
    if match is None:
        raise _refuse("应为四位年份（如 2025）", written)
    if match[1] != written.strip():
        _note(info, written, match[1])
    return int(match[1])


def read_words(value: object) -> tuple[str, ...]:
    parts = re.split(r"[、，,;；]", value) if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise _refuse("应为清单，用顿号分开", value)
    return tuple(word for part in parts if (word := read_line(part)))


def read_index_numbers(value: object, info: ValidationInfo) -> tuple[str, ...]:
    return tuple(read_index_text(part, info) for part in read_words(value))


def read_code(value: object) -> str:
    return half_width(read_text(value)).strip()


def as_attachments(value: object) -> list[object]:
    items = value if isinstance(value, list) else [value]
    return [{"file": item} if isinstance(item, str) else item for item in items]


def as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
