"""The JSON Schema of front matter, for editors: each field under its English key and under its Chinese labels."""

from gongkai.records.record import REQUIRED, Record
from gongkai.records.vocabulary import BY_KEY, FIELDS

Json = dict[str, object]


def defaults_schema() -> Json:
    """The schema of a folder's `.meta.yml`: the same fields, none required."""
    schema = front_matter_schema()
    return {
        **{key: value for key, value in schema.items() if key != "allOf"},
        "title": "文件夹的默认字段（.meta.yml）",
    }


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
