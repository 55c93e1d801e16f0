"""The record of one document: its front matter, read once and frozen; and its JSON Schema, for editors."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from gongkai.records import values
from gongkai.records.numbering import IndexNumber
from gongkai.records.values import AUDIENCES, IN_FORCE, PUBLIC_AUDIENCES, Disclosure, Status, Term, Validity
from gongkai.records.vocabulary import BY_KEY, FIELDS, label


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


Text = Annotated[str, BeforeValidator(values.read_line)]
Date = Annotated[date, BeforeValidator(values.read_day), WithJsonSchema({"type": "string", "format": "date"})]


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


class Waiver(_Frozen):
    """What somebody answered for: findings of `code` (all, or those whose message has `where`) are none here."""

    code: Annotated[str, BeforeValidator(values.read_code)] = Field(validation_alias=AliasChoices("code", "代码"))
    reason: Text = Field(min_length=1, validation_alias=AliasChoices("reason", "原因"))
    allowed_by: Text = Field(min_length=1, validation_alias=AliasChoices("allowed_by", "批准"))
    where: Text = Field(default="", validation_alias=AliasChoices("where", "内容"))


def _oldest_first(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda change: change.date))


_STRING = {"type": "string"}
_INDEX_SCHEMA = WithJsonSchema({"type": "string", "examples": ["SLKJ00012/2025-00001"]})


class Record(_Frozen):
    """One document's fields; required ones first. Empty text stands for a field left blank."""

    title: Annotated[str, BeforeValidator(values.read_title)]
    index: Annotated[IndexNumber, BeforeValidator(values.read_index_number), _INDEX_SCHEMA]
    disclosure: Annotated[Disclosure, BeforeValidator(values.one_of(tuple(Disclosure)))]
    created: Date
    term: Annotated[
        Term,
        BeforeValidator(values.read_term),
        WithJsonSchema({"type": "string", "examples": ["常年公开", "限时公开至2026-12-31"]}),
    ]
    audience: Annotated[
        str, BeforeValidator(values.read_audience), WithJsonSchema({"type": "string", "examples": list(AUDIENCES)})
    ]
    published: Annotated[
        datetime,
        BeforeValidator(values.read_moment),
        WithJsonSchema({"type": "string", "examples": ["2018-07-26 09:55:00"]}),
    ]
    category: Text = ""
    document_number: Annotated[str, BeforeValidator(values.read_document_number)] = ""
    department: Text = ""
    source: Text = ""
    year: Annotated[int, BeforeValidator(values.read_year), WithJsonSchema({"type": ["integer", "string"]})] | None = (
        None
    )
    status: Annotated[
        Validity,
        BeforeValidator(values.read_validity),
        WithJsonSchema({"type": ["string", "object"], "examples": list(Status)}),
    ] = IN_FORCE
    withdrawn: Withdrawal | None = None
    changes: Annotated[tuple[Change, ...], BeforeValidator(values.as_list), AfterValidator(_oldest_first)] = ()
    replaces: Annotated[
        tuple[str, ...],
        BeforeValidator(values.read_index_numbers),
        WithJsonSchema({"type": ["string", "array"], "items": _STRING}),
    ] = ()
    replaced_by: Annotated[str, BeforeValidator(values.read_index_text)] = ""
    reviewed_by: Text = ""
    waivers: Annotated[tuple[Waiver, ...], BeforeValidator(values.as_list)] = ()
    attachments: Annotated[
        tuple[Attachment, ...],
        BeforeValidator(values.as_attachments),
        WithJsonSchema({"type": "array", "items": {"type": ["string", "object"]}}),
    ] = ()
    description: Text = ""
    keywords: Annotated[
        tuple[str, ...],
        BeforeValidator(values.read_words),
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


_FIELDS_OF_TEXT = (
    "title",
    "category",
    "document_number",
    "department",
    "audience",
    "source",
    "description",
    "subject",
    "genre",
    "publisher",
)


def field_texts(record: Record) -> Mapping[str, str]:
    """By key, each field of `record` in which a clerk wrote words of his own; several of one field on lines."""
    texts = {key: str(getattr(record, key)) for key in _FIELDS_OF_TEXT}
    texts["index"] = record.index.text
    texts["keywords"] = "\n".join(record.keywords)
    texts["changes"] = "\n".join(change.note for change in record.changes)
    texts["attachments"] = "\n".join(
        name for attachment in record.attachments for name in (attachment.title, attachment.file) if name
    )
    texts["status"] = record.status.reason
    texts["withdrawn"] = record.withdrawn.reason if record.withdrawn else ""
    return {key: text for key, text in texts.items() if text}


Json = dict[str, object]


def defaults_schema() -> Json:
    """The schema of a folder's `.meta.yml`: the same fields, none required."""
    schema = front_matter_schema()
    return {**{key: value for key, value in schema.items() if key != "allOf"}, "title": "文件夹的默认字段（.meta.yml）"}


def front_matter_schema() -> Json:
    """The schema of one document's front matter (draft 2020-12).

    A field may stand under any of its names; required is that one of the names is there. Folder defaults can
    supply required fields, so the editor's complaint about a missing one is a hint, the check decides.
    """
    schema = Record.model_json_schema()
    fields = schema["properties"]
    properties: Json = {}
    for field in FIELDS:
        described = {**fields[field.key], "title": field.label, "description": field.meaning}
        described.pop("default", None)
        described.pop("minLength", None)
        blank_allowed: Json = described if field.key in REQUIRED else _or_blank(described)
        properties |= dict.fromkeys((field.key, field.label, *field.also), blank_allowed)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "政府信息公开文件的字段区",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "allOf": [{"anyOf": [{"required": [name]} for name in _names(key)]} for key in REQUIRED],
        "$defs": schema.get("$defs", {}),
    }


def _names(key: str) -> tuple[str, ...]:
    return (key, BY_KEY[key].label, *BY_KEY[key].also)


def _or_blank(described: Json) -> Json:
    """A field that may be left blank: YAML reads nothing as null."""
    kept: Json = {key: described[key] for key in ("title", "description") if key in described}
    inner = {key: value for key, value in described.items() if key not in kept}
    return {**kept, "anyOf": [inner, {"type": "null"}]}
