"""Markdown from elsewhere, with front matter or without: its words stay as they are, its files come along."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import yaml

from gongkai.imports.beside import Beside, Places
from gongkai.imports.fidelity import rendered
from gongkai.imports.lead import day_of, disclosure_of
from gongkai.imports.page import Page, UnreadableFileError
from gongkai.imports.visible import grids, lines
from gongkai.imports.word_text import Line
from gongkai.records.front_matter import Entry, decode, read_source
from gongkai.records.markdown import targets
from gongkai.records.vocabulary import KEY_OF

_EXTENSIONS: Final = ("admonition", "footnotes", "tables", "sane_lists", "fenced_code")
_ELSEWHERE: Final = {
    "date": "published",
    "tags": "keywords",
    "summary": "description",
    "publishDate": "published",
}
_FIRST: Final = re.compile(r"\A\s*(?:#[ \t]+(.+?)[ \t]*#*|(\S[^\n]*)\n=+)[ \t]*(?:\n|\Z)")


def read_markdown(data: bytes, beside: Beside) -> Page:
    """Raise UnreadableFileError for what is no text, or has front matter that does not end."""
    text, problems = decode(data)
    if text is None:
        raise UnreadableFileError("；".join(problem.message for problem in problems))
    source = read_source(text.encode())
    codes = {problem.code for problem in source.problems}
    if codes & {"front-matter-unclosed", "yaml-syntax"}:
        raise UnreadableFileError(
            "；".join(
                f"第 {p.line} 行：{p.message}" for p in source.problems if p.code in codes - {"read-as"}
            )
        )
    has_fields = "front-matter-missing" not in codes
    body = source.body if has_fields else text
    values, raw, notes = _fields(source.entries if has_fields else [])
    first = _FIRST.match(body)
    if first and not values.get("title"):
        values["title"] = (first[1] or first[2]).strip()
    if first and "".join(values["title"].split()) == "".join((first[1] or first[2]).split()):
        body = body[first.end() :]
    if not body.strip() and not values.get("title"):
        raise UnreadableFileError("文件是空的，没有可以导入的内容")
    places = Places(beside)
    page = rendered(body, _EXTENSIONS, {})
    seen = [Line(line) for line in lines(page)]
    found = {"created": day_of(seen), "disclosure": disclosure_of(seen)}
    return Page(
        fields={**{key: value for key, value in found.items() if value}, **values},
        body=_relinked(body, places),
        source=tuple(line.text for line in seen),
        grids=tuple(grids(page)),
        assets=places.assets,
        notes=(*notes, *places.notes()),
        losses=tuple(places.losses()),
        may_assume=True,
        is_new="published" not in values,
        raw=raw,
    )


def _fields(entries: list[Entry]) -> tuple[dict[str, str], Mapping[str, str], tuple[str, ...]]:
    """Fields of one line, those of several as YAML, and what is no field of ours."""
    values: dict[str, str] = {}
    raw: dict[str, str] = {}
    unknown = []
    for entry in entries:
        key = KEY_OF.get(entry.key) or _ELSEWHERE.get(entry.key, "")
        if entry.key == "draft" and str(entry.value).lower() == "true":
            values["status"] = "草稿"
        elif key and isinstance(entry.value, str):
            values[key] = entry.value
        elif key:
            raw[key] = yaml.dump(
                entry.value, allow_unicode=True, default_flow_style=True, width=10**6
            ).strip()
        elif entry.value:
            unknown.append(entry.key)
    notes = (f"字段区里的 {'、'.join(unknown)} 没有对应的字段，没有导入",) if unknown else ()
    return values, raw, notes


def _relinked(body: str, places: Places) -> str:
    """The body with its pictures and files under the names under which they are filed."""
    pictures = set(_pictures(body))
    for address in dict.fromkeys(target.address for target in targets(body)):
        name = places.picture(address) if address in pictures else places.link(address)
        if name and name != address:
            body = re.sub(
                rf"(\]\(\s*<?){re.escape(address)}(>?(?:\s+[\"'(][^\n]*?)?\s*\))", rf"\g<1>{name}\2", body
            )
    return body


def _pictures(body: str) -> Iterator[str]:
    """The addresses of pictures that are not on other hosts."""
    for match in re.finditer(r"!\[[^\]\n]*\]\(\s*<?([^()<>\n]+?)>?(?:\s+[\"'][^\n]*?)?\s*\)", body):
        if "://" not in match[1]:
            yield match[1]
