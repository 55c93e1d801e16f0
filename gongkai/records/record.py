"""The record of one document: its front matter, read once and frozen.

`Record` is a pydantic model whose validators call the readers of this package. A reader that accepts a value with
goodwill leaves a note in the validation context; one that refuses raises `PydanticCustomError` with a code of
`findings.CODES` and a message for the clerk.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Annotated, NamedTuple, TypeAlias

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from gongkai.records import dates
from gongkai.records.chinese import half_width
from gongkai.records.findings import CODES
from gongkai.records.numbering import IndexNumber, parse_index_number, standard_document_number
from gongkai.records.vocabulary import label, nearest

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


class Note(NamedTuple):
    """A value of a field that was read with goodwill: as it was written, and as it was read."""

    key: str
    written: str
    read: str

    @property
    def message(self) -> str:
        return f"写作“{self.written}”，已读作“{self.read}”"


@dataclass(slots=True)
class ReadingContext:
    """What readers need beside the value, and where they say what they accepted with goodwill."""

    zone: tzinfo
    notes: list[Note] = field(default_factory=list)


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


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _refuse("应为一行文字", value, remedy="如果值里有方括号或冒号，请把整个值用英文双引号括起来。")
    if _UNPRINTABLE.search(value):
        raise _refuse(
            "应为可以显示的文字，里面有看不见的控制字符", _UNPRINTABLE.sub("□", value), remedy="请删去重打。"
        )
    return value


def _one_line(value: object) -> str:
    return re.sub(r"\s*\n\s*", "", _text(value)).strip()


def _title(value: object) -> str:
    title = _one_line(value)
    if not re.search(r"\w", title):
        raise _refuse("应为文件名称", title)
    return title


def _date(value: object, info: ValidationInfo) -> date:
    written = _text(value)
    try:
        day, is_unusual = dates.read_date(written)
    except dates.AmbiguousError as problem:
        raise _refuse(str(problem), written, "field-ambiguous", "请改成 2018-07-26 这样的写法。") from None
    except dates.UnreadableError as problem:
        raise _refuse(str(problem), written) from None
    if is_unusual:
        _note(info, written, day.isoformat())
    return day


def _moment(value: object, info: ValidationInfo) -> datetime:
    written = _text(value)
    try:
        moment, is_unusual = dates.read_moment(written, _context(info).zone)
    except dates.AmbiguousError as problem:
        raise _refuse(
            str(problem), written, "field-ambiguous", "请改成 2018-07-26 09:55:00 这样的写法。"
        ) from None
    except dates.UnreadableError as problem:
        raise _refuse(str(problem), written) from None
    if is_unusual:
        _note(info, written, moment.strftime("%Y-%m-%d %H:%M:%S"))
    return moment


def _index(value: object, info: ValidationInfo) -> IndexNumber:
    written = _text(value)
    try:
        number = parse_index_number(written)
    except ValueError as problem:
        raise _refuse(str(problem), written) from None
    if number.text != written.strip():
        _note(info, written, number)
    return number


def _index_text(value: object, info: ValidationInfo) -> str:
    return _index(value, info).text


def _document_number(value: object, info: ValidationInfo) -> str:
    written = _one_line(value)
    standard = standard_document_number(written)
    if standard and standard != written:
        _note(info, written, standard)
    return standard or written


def _one_of(words: tuple[str, ...]) -> Callable[[object, ValidationInfo], str]:
    def read(value: object, info: ValidationInfo) -> str:
        written = _text(value)
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


def _audience(value: object, info: ValidationInfo) -> str:
    written = _one_line(value)
    word = _SYNONYMS.get(written, written)
    near = None if word in AUDIENCES else nearest(word, PUBLIC_AUDIENCES, likeness=0.75)
    if near:  # a slip of the hand must not hide a document; anything further off is another audience
        raise _refuse(f"应为{'、'.join(AUDIENCES)}之一", written, remedy=f"是不是“{near}”？")
    if word != written:
        _note(info, written, word)
    return word


def _term(value: object, info: ValidationInfo) -> Term:
    written = _one_line(value)
    if written in PERMANENT_TERMS:
        return Term(written)
    match = re.fullmatch(
        r"(?:限时公开)?\s*[(:,]?\s*(?:公开|截止)?(?:至|到|止于)?\s*(.*?\d.*?)\s*[)]?止?", half_width(written)
    )
    if match is None:
        near = None if "限时" in written else nearest(written, PERMANENT_TERMS)
        hint = f"是不是“{near}”？" if near else "限时公开要写明最后一天。"
        raise _refuse("应为常年公开、长期公开或最后一天（如“限时公开至2026-12-31”）", written, remedy=hint)
    return Term(
        written, _date(match[1].removesuffix("日止") + "日" if "日止" in match[1] else match[1], info)
    )


_state = _one_of(tuple(Status))
_VALIDITY_KEYS = {"状态": "state", "日期": "date", "原因": "reason"}


def _validity(value: object, info: ValidationInfo) -> Validity:
    """时效: 废止 alone, or with its day and reason: {状态: 废止, 日期: 2026-01-31, 原因: …}."""
    if not isinstance(value, dict):
        return Validity(Status(_state(value, info)))
    given = {_VALIDITY_KEYS.get(key, key): item for key, item in value.items() if item}
    if "state" not in given or not given.keys() <= set(_VALIDITY_KEYS.values()):
        raise _refuse(
            "应为 {状态: …, 日期: …, 原因: …}，其中状态必填", "、".join(value), remedy="请照手册改正。"
        )
    return Validity(
        Status(_state(given["state"], info)),
        _date(given["date"], info) if "date" in given else None,
        _one_line(given.get("reason", "")),
    )


def _year(value: object, info: ValidationInfo) -> int:
    written = _text(value)
    match = re.fullmatch(r"((?:19|20)\d{2})(?:年度?)?", half_width(written).strip())
    if match is None:
        raise _refuse("应为四位年份（如 2025）", written)
    if match[1] != written.strip():
        _note(info, written, match[1])
    return int(match[1])


def _words(value: object) -> tuple[str, ...]:
    parts = re.split(r"[、，,;；]", value) if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise _refuse("应为清单，用顿号分开", value)
    return tuple(word for part in parts if (word := _one_line(part)))


def _numbers(value: object, info: ValidationInfo) -> tuple[str, ...]:
    return tuple(_index_text(part, info) for part in _words(value))


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


Text = Annotated[str, BeforeValidator(_one_line)]
Date = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]


class Withdrawal(_Frozen):
    date: Date = Field(validation_alias=AliasChoices("date", "日期"))
    reason: Text = Field(min_length=1, validation_alias=AliasChoices("reason", "原因"))


class Change(_Frozen):
    date: Date = Field(validation_alias=AliasChoices("date", "日期"))
    note: Text = Field(min_length=1, validation_alias=AliasChoices("note", "说明"))


class Attachment(_Frozen):
    """A file beside the document, and the name under which readers see it (the file's name when empty)."""

    file: Text = Field(min_length=1, validation_alias=AliasChoices("file", "文件"))
    title: Text = Field(default="", validation_alias=AliasChoices("title", "名称"))


def _waivable(value: object) -> str:
    """The code of a finding that somebody may answer for; raises for any other."""
    code = half_width(_text(value)).strip()
    kind = CODES.get(code)
    if kind is None:
        near = nearest(code, list(CODES))
        remedy = f"是不是“{near}”？" if near else "代码写在检查结果的方括号里。"
        raise _refuse("应为检查结果的代码", code, remedy=remedy)
    if not kind.is_waivable:
        raise _refuse("应为可以豁免的代码", code, remedy=f"“{kind.name}”不能豁免，只能改正。请删去这一条。")
    return code


class Waiver(_Frozen):
    """What somebody answered for: findings of `code` (all, or those whose message has `where`) are none here."""

    code: Annotated[str, BeforeValidator(_waivable)] = Field(validation_alias=AliasChoices("code", "代码"))
    reason: Text = Field(min_length=1, validation_alias=AliasChoices("reason", "原因"))
    allowed_by: Text = Field(min_length=1, validation_alias=AliasChoices("allowed_by", "批准"))
    where: Text = Field(default="", validation_alias=AliasChoices("where", "内容"))


def _attachments(value: object) -> list[object]:
    items = value if isinstance(value, list) else [value]
    return [{"file": item} if isinstance(item, str) else item for item in items]


def _mapping_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _oldest_first(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda change: change.date))


_STRING = {"type": "string"}
_INDEX_SCHEMA = WithJsonSchema({"type": "string", "examples": ["SLKJ00012/2025-00001"]})


IN_FORCE = Validity(Status.IN_FORCE)


class Record(_Frozen):
    """One document's fields; required ones first. Empty text stands for a field left blank."""

    title: Annotated[str, BeforeValidator(_title)]
    index: Annotated[IndexNumber, BeforeValidator(_index), _INDEX_SCHEMA]
    disclosure: Annotated[Disclosure, BeforeValidator(_one_of(tuple(Disclosure)))]
    created: Date
    term: Annotated[
        Term,
        BeforeValidator(_term),
        WithJsonSchema({"type": "string", "examples": ["常年公开", "限时公开至2026-12-31"]}),
    ]
    audience: Annotated[
        str, BeforeValidator(_audience), WithJsonSchema({"type": "string", "examples": list(AUDIENCES)})
    ]
    published: Annotated[
        datetime,
        BeforeValidator(_moment),
        WithJsonSchema({"type": "string", "examples": ["2018-07-26 09:55:00"]}),
    ]
    category: Text = ""
    document_number: Annotated[str, BeforeValidator(_document_number)] = ""
    department: Text = ""
    source: Text = ""
    year: Annotated[int, BeforeValidator(_year), WithJsonSchema({"type": ["integer", "string"]})] | None = (
        None
    )
    status: Annotated[
        Validity,
        BeforeValidator(_validity),
        WithJsonSchema({"type": ["string", "object"], "examples": list(Status)}),
    ] = IN_FORCE
    withdrawn: Withdrawal | None = None
    changes: Annotated[tuple[Change, ...], BeforeValidator(_mapping_list), AfterValidator(_oldest_first)] = ()
    replaces: Annotated[
        tuple[str, ...],
        BeforeValidator(_numbers),
        WithJsonSchema({"type": ["string", "array"], "items": _STRING}),
    ] = ()
    replaced_by: Annotated[str, BeforeValidator(_index_text)] = ""
    reviewed_by: Text = ""
    waivers: Annotated[tuple[Waiver, ...], BeforeValidator(_mapping_list)] = ()
    attachments: Annotated[
        tuple[Attachment, ...],
        BeforeValidator(_attachments),
        WithJsonSchema({"type": "array", "items": {"type": ["string", "object"]}}),
    ] = ()
    description: Text = ""
    keywords: Annotated[
        tuple[str, ...],
        BeforeValidator(_words),
        WithJsonSchema({"type": ["string", "array"], "items": _STRING}),
    ] = ()
    subject: Text = ""
    genre: Text = ""
    publisher: Text = ""

    @property
    def is_for_everyone(self) -> bool:
        return self.audience in PUBLIC_AUDIENCES

    def __getstate__(self) -> dict[str, object]:
        """Its values alone: a record is kept from build to build, and pydantic's own state is three times as large."""
        index, term = self.index, self.term
        parts = (index.text, index.organisation, index.year, index.serial)
        return {**self.__dict__, "index": parts, "term": (term.text, term.last_day)}

    def __setstate__(self, state: dict[str, object]) -> None:
        index, term = state["index"], state["term"]
        if not isinstance(index, tuple) or not isinstance(term, tuple):
            raise TypeError("not the state of a record")
        state["index"], state["term"] = IndexNumber(*index), Term(*term)
        super().__setstate__({"__dict__": state, "__pydantic_fields_set__": _NOT_KEPT})


#: Which fields were given and which left out: nobody asks it of a record that comes back.
_NOT_KEPT: set[str] = set()
REQUIRED: tuple[str, ...] = tuple(name for name, info in Record.model_fields.items() if info.is_required())


def missing_message(key: str) -> str:
    return f"缺少必填字段“{label(key)}”（{key}）。请在字段区加一行“{label(key)}: …”"
