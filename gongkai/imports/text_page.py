"""Files of text: a flattened page with its field table, a paper that begins with its title, and Markdown.

A flattened page is what is left of a disclosure page when a content management system gives its text. It has, in order:
the title on the first line that is not blank; 发布时间, 来源 and 字体 on one line or several; the table of eight fields,
one to a line, with or without bullets; and the body, one paragraph to a line. Only the page's own furniture is dropped:
字体 with its buttons, as `字体: [ ]` or `字体 [大 中 小]`. Whatever else stands above the body and is none of these is
refused, so that nothing is lost unseen.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NoReturn

import yaml

from gongkai.imports.assets import Assets, Beside
from gongkai.imports.fidelity import rendered
from gongkai.imports.fields import LABELS, is_no_title, labelled, told_by_lines
from gongkai.imports.outline import lines_of, to_markdown
from gongkai.imports.page import Page, UnreadableFileError
from gongkai.imports.spans import BLANKS
from gongkai.imports.visible import Line, grids, lines
from gongkai.records.front_matter import Entry, decode, read_source
from gongkai.records.markdown import targets
from gongkai.records.numbering import standard_document_number
from gongkai.records.vocabulary import KEY_OF, TABLE

_FIELD_LABELS: Final = (
    *("信息类别", "文件编号", "公开方式", "生成日期", "公开时限", "公开范围", "信息索取号", "索引号", "责任部门"),
)
"""Of the eight fields; the number has two."""
_BULLETS: Final = "•·●▪■◆*-"
_ROW: Final = re.compile(rf"(?P<bullet>[{_BULLETS}]?)\s*(?P<label>[^:：]{{1,12}}?)\s*[:：](?P<value>.*)")
_PUBLICATION_LABEL: Final = re.compile(r"(发布时间|来源)\s*[:：]|(字体)(?=\s*[:：\[【（(]|\s*$)")
_FONT_BUTTONS: Final = re.compile(r"[:：]?\s*(?:[\[【（(][\s大中小|]*[\]】）)])?")

_EXTENSIONS: Final = ("admonition", "footnotes", "tables", "sane_lists", "fenced_code")
_OTHER_KEYS: Final = {**{"date": "published", "publishDate": "published", "tags": "keywords", "summary": "description"}}
"""Keys of front matter elsewhere."""
_TITLE: Final = re.compile(r"\A\s*(?:#[ \t]+(.+?)[ \t]*#*|(\S[^\n]*)\n=+)[ \t]*(?:\n|\Z)")
_EMPTY: Final = "文件是空的，没有可以导入的内容"


class NotFlattenedError(ValueError):
    """The text is no flattened page; the message tells the clerk which line should have been what."""


def read_text(data: bytes) -> Page:
    """Raise UnreadableFileError for what is no text, and for a flattened page that is not whole."""
    text = _decoded(data)
    if not text.strip():
        raise UnreadableFileError(_EMPTY)
    try:
        return read_flattened(text)
    except NotFlattenedError as problem:
        if sum(labelled(line)[0] in _FIELD_LABELS for line in lines_of(text)) >= 2:
            raise UnreadableFileError(str(problem)) from None
    return _paper(lines_of(text))


def _decoded(data: bytes) -> str:
    text, problems = decode(data)
    if text is None:
        raise UnreadableFileError("；".join(problem.message for problem in problems))
    return text


def _paper(text: Sequence[str]) -> Page:
    filled = [at for at, line in enumerate(text) if line.strip()]
    title = " ".join(text[filled[0]].split())
    number = ""
    taken = [] if is_no_title(title) else filled[:1]
    for at in filled[1:2] if taken else ():
        number = text[at].strip() if standard_document_number(text[at].strip()) else ""
        taken += [at] if number else []
    rest = ["" if at in taken else line for at, line in enumerate(text)]
    told = told_by_lines([Line(line) for line in rest if line.strip()])
    return Page(
        fields={"title": title if taken else "", "document_number": number, **told},
        body=to_markdown("\n".join(rest)),
        source=tuple(rest),
        is_by_line=True,
        may_assume=True,
        is_new=True,
    )


def read_flattened(text: str) -> Page:
    """Raise NotFlattenedError where the title, 发布时间 or the field table is missing or cannot be told apart.

    `source` has the lines of the body where they stand in the text, and blank ones above it.
    """
    given = lines_of(text)
    stripped = [line.strip(BLANKS) for line in given]
    title, table, body = _parts(stripped)
    publication = _publication(stripped, title + 1, table)
    head = {"title": stripped[title], "published": publication["发布时间"], "source": publication.get("来源", "")}
    return Page(
        fields={**head, **_fields(stripped, table, body)},
        body=to_markdown("\n".join(stripped[body:])),
        source=(*[""] * body, *given[body:]),
        is_by_line=True,
        is_complete=True,
    )


def _parts(lines: Sequence[str]) -> tuple[int, int, int]:
    """Where the title stands, where the field table begins, and where the body begins."""
    title = next((at for at, line in enumerate(lines) if line), None)
    if title is None:
        _refuse(1, "标题", "")
    table = next((at for at, line in enumerate(lines) if at > title and _is_field(line)), None)
    if table is None:
        _refuse(_next_line(lines, title), "字段表（如“信息索取号：……”一行）", "")
    body = table
    bullet = _bullet(lines[table])
    for at in range(table, len(lines)):
        if lines[at] and not _is_row(lines[at], bullet):
            break
        body = at + 1
    return title, table, body


def _is_field(line: str) -> bool:
    row = _ROW.fullmatch(line)
    return row is not None and row["label"] in _FIELD_LABELS


def _bullet(line: str) -> str:
    row = _ROW.fullmatch(line)
    return row["bullet"] if row else ""


def _is_row(line: str, bullet: str) -> bool:
    """Rows look like the first: in a table with bullets any bulleted label is one, known or not."""
    return _bullet(line) == bullet and (bool(bullet) or _is_field(line))


def _publication(lines: Sequence[str], start: int, end: int) -> dict[str, str]:
    """The values of 发布时间 and 来源, from the lines between title and field table."""
    found: dict[str, str] = {}
    for at in range(start, end):
        for label, value in _labelled_values(lines[at], at + 1):
            if label in found:
                _refuse(at + 1, f"只有一处“{label}”", lines[at])
            found[label] = value
    if "发布时间" not in found:
        number = _next_line(lines, start - 1)
        _refuse(number, "“发布时间：……”", lines[number - 1])
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
    fields = dict.fromkeys(TABLE, "")
    seen: set[str] = set()
    for at in range(start, end):
        row = _ROW.fullmatch(lines[at])
        if row is None:
            continue
        if row["label"] not in _FIELD_LABELS:
            _refuse(at + 1, f"字段表的八个字段之一（{'、'.join(_FIELD_LABELS)}）", lines[at])
        key = LABELS[row["label"]]
        if key in seen:
            _refuse(at + 1, f"“{row['label']}”在字段表中只出现一次", lines[at])
        seen.add(key)
        fields[key] = row["value"].strip(BLANKS)
    return fields


def _next_line(lines: Sequence[str], after: int) -> int:
    """The number (from 1) of the next line that is not blank."""
    return next((at + 1 for at in range(after + 1, len(lines)) if lines[at]), after + 1)


def _refuse(number: int, expected: str, found: str) -> NoReturn:
    actual = f"，实为“{found[:30]}”" if found else "，但没有找到"
    raise NotFlattenedError(f"第 {number} 行：应为{expected}{actual}")


def read_markdown(data: bytes, beside: Beside) -> Page:
    """Markdown from elsewhere, with front matter or without: its words stay as they are, its files come along.

    Raises UnreadableFileError for what is no text, or has front matter that does not end.
    """
    values, raw, notes, body = _front_matter(_decoded(data))
    first = _TITLE.match(body)
    if first:
        words = (first[1] or first[2]).strip()
        values["title"] = values.get("title") or words
        body = body[first.end() :] if "".join(values["title"].split()) == "".join(words.split()) else body
    if not body.strip() and not values.get("title"):
        raise UnreadableFileError(_EMPTY)
    assets = Assets(beside)
    page = rendered(body, _EXTENSIONS, {})
    source = lines(page)
    told = told_by_lines([Line(line) for line in source])
    return Page(
        fields={**{key: value for key, value in told.items() if value}, **values},
        body=_relinked(body, assets),
        source=tuple(source),
        grids=tuple(grids(page)),
        assets=assets.files,
        notes=(*notes, *assets.notes()),
        losses=tuple(assets.losses()),
        may_assume=True,
        is_new="published" not in values,
        raw=raw,
    )


def _front_matter(text: str) -> tuple[dict[str, str], Mapping[str, str], tuple[str, ...], str]:
    """Fields of one line, those of several as YAML, what to tell of others, and the body."""
    source = read_source(text.encode())
    codes = {problem.code for problem in source.problems}
    if codes & {"front-matter-unclosed", "yaml-syntax"}:
        told = (f"第 {one.line} 行：{one.message}" for one in source.problems if one.code != "read-as")
        raise UnreadableFileError("；".join(told))
    if "front-matter-missing" in codes:
        return {}, {}, (), text
    return *_values(source.entries), source.body


def _values(entries: Sequence[Entry]) -> tuple[dict[str, str], Mapping[str, str], tuple[str, ...]]:
    values: dict[str, str] = {}
    raw: dict[str, str] = {}
    unknown = []
    for entry in entries:
        key = KEY_OF.get(entry.key) or _OTHER_KEYS.get(entry.key, "")
        if entry.key == "draft" and str(entry.value).lower() == "true":
            values["status"] = "草稿"
        elif key and isinstance(entry.value, str):
            values[key] = entry.value
        elif key:
            written = yaml.dump(entry.value, allow_unicode=True, default_flow_style=True, width=10**6)
            raw[key] = written.strip()
        elif entry.value:
            unknown.append(entry.key)
    notes = (f"字段区里的 {'、'.join(unknown)} 没有对应的字段，没有导入",) if unknown else ()
    return values, raw, notes


def _relinked(body: str, assets: Assets) -> str:
    """The body with its pictures and files under the names under which they are filed."""
    pictures = set(_pictures(body))
    for address in dict.fromkeys(target.address for target in targets(body)):
        name = assets.picture(address) if address in pictures else assets.link(address)
        if name and name != address:
            link = rf"(\]\(\s*<?){re.escape(address)}(>?(?:\s+[\"'(][^\n]*?)?\s*\))"
            body = re.sub(link, rf"\g<1>{name}\2", body)
    return body


def _pictures(body: str) -> Iterator[str]:
    """The addresses of pictures that are not on other hosts."""
    for match in re.finditer(r"!\[[^\]\n]*\]\(\s*<?([^()<>\n]+?)>?(?:\s+[\"'][^\n]*?)?\s*\)", body):
        if "://" not in match[1]:
            yield match[1]
