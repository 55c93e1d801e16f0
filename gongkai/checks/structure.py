"""Where a document stands, and how its body is built: its headings in order, nothing empty under them, words for pictures.

Screen readers go from heading to heading, and inspections count empty sections and pictures that say nothing
(GB/T 37668-2019, WCAG 1.1.1 and 1.3.1).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import unquote

from gongkai.catalogue.attachments import listed
from gongkai.checks.protocol import ArchiveRule, Fields, FieldsRule, Whole, Words, WordsRule
from gongkai.checks.texts import Spot, line_at
from gongkai.records.findings import Finding
from gongkai.records.markdown import Heading, headings, prose
from gongkai.records.reading import Document
from gongkai.site import RESERVED, Site

_PICTURE = re.compile(r"!\[([^\]\n]*)\](?=[(\[])|<img\b([^>]*)>", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"""\balt\s*=\s*(?:"[^"]*\S[^"]*"|'[^']*\S[^']*'|[^\s"'>]+)""", re.IGNORECASE)


def structure_spots(body: str) -> Iterator[Spot]:
    """What is amiss in how a body is built; of headings the first of each kind, with how many there are."""
    if "#" not in body and "![" not in body and "<img" not in body.lower():
        return
    shown = prose(body)
    found = list(headings(shown))
    yield from _titles(found)
    yield from _jumps(found)
    yield from _empty(found, shown.split("\n"))
    yield from _silent_pictures(shown)


def _titles(every: Sequence[Heading]) -> Iterator[Spot]:
    found = [one for one in every if one.level == 1]
    if found:
        message = (
            f"正文里有一级标题“{_short(found[0].text)}”{_more(found)}。网页上的标题由“标题”字段印出，"
            "重复的请删去；是正文小标题的，请改成两个 #"
        )
        yield Spot(found[0].line, "heading-title", message, found[0].text)


def _jumps(every: Sequence[Heading]) -> Iterator[Spot]:
    above = [1, *(one.level for one in every)]
    found = [(one, level) for one, level in zip(every, above, strict=False) if one.level > level + 1]
    if found:
        first, level = found[0]
        message = (
            f"标题“{_short(first.text)}”跳级：应为 {level + 1} 个 #，实为 {first.level} 个{_more(found)}。"
            "读屏软件靠级别找到内容，请一级一级写"
        )
        yield Spot(first.line, "heading-jump", message, first.text)


def _empty(every: Sequence[Heading], lines: Sequence[str]) -> Iterator[Spot]:
    """A heading is empty where no text comes before a heading of its level or above, or the end."""
    ends = [*((one.line, one.level) for one in every[1:]), (len(lines) + 1, 0)]
    found = [
        one
        for one, (end, level) in zip(every, ends, strict=False)
        if level <= one.level and not any(line.strip() for line in lines[one.line : end - 1])
    ]
    if found:
        message = f"标题“{_short(found[0].text)}”下面没有内容{_more(found)}。请补上内容，或删去标题"
        yield Spot(found[0].line, "section-empty", message, found[0].text)


def _silent_pictures(text: str) -> Iterator[Spot]:
    for match in _PICTURE.finditer(text):
        says = (match[1] or "").strip() if match[1] is not None else _ALTERNATIVE.search(match[2])
        if not says:
            message = "图片没有文字说明，看不见图的读者不知道是什么。请写成 ![说明](文件名)"
            yield Spot(line_at(text, match.start()), "image-alt", message, "")


def _more(found: Sequence[object]) -> str:
    return f"（本文共 {len(found)} 处）" if len(found) > 1 else ""


def _short(words: str) -> str:
    return words if len(words) <= 20 else f"{words[:19]}…"


def _places(whole: Whole) -> Iterator[Finding]:
    """Files that do not lie where documents may lie, and those that would be passed over in silence."""
    yield from (Finding(path, "", "path-reserved", message) for path, message in whole.archive.inventory.strange)
    for document in whole.archive.documents:
        for code, message in _misplaced(document.path, whole.site):
            yield Finding(document.path, "", code, message)


def _misplaced(path: str, site: Site) -> Iterator[tuple[str, str]]:
    parts = path.split("/")
    if len(parts) == 1 or parts[0] not in site.column_by_key:
        keys = "、".join(f"{column.key}（{column.name}）" for column in site.columns)
        yield "path-column", f"文件应放在栏目文件夹里：{keys}，实在“{'/'.join(parts[:-1]) or 'docs'}”"
    elif parts[1:] in (["index.md"], ["README.md"]) or parts[1].removesuffix(".md") in RESERVED & {"page"}:
        yield "path-reserved", f"“{'/'.join(parts[1:])}”是栏目列表页自己的地址。请换一个文件名"
    if parts[-1] == "index.html.md":
        yield "path-reserved", "“index.html”是系统自己的文件名。请换一个文件名"
    if not path.endswith(".md"):
        yield "path-reserved", "文件名应以小写的 .md 结尾。请改名"


def _doubled_addresses(whole: Whole) -> Iterator[Finding]:
    """Addresses given twice; case does not tell them apart, as on many hosts' disks it does not."""
    seen: dict[str, Document] = {}
    for document in whole.archive.documents:
        first = seen.setdefault(document.url.casefold(), document)
        if first is not document:
            message = f"与 {whole.shown(first.path)} 的网址相同（/{document.url}）。请换一个文件名"
            yield Finding(document.path, "", "address-duplicate", message)
    pages = {unquote(one.url).rstrip("/").casefold(): one for one in whole.archive.documents}
    for document in whole.archive.documents:
        for path in filter(None, listed(document)):
            page = pages.get(path.casefold())
            if page:
                message = f"附件“{path}”与 {whole.shown(page.path)} 的网址相同。请给附件改名"
                yield Finding(document.path, "attachments", "address-duplicate", message)


def _emptiness(fields: Fields) -> Iterator[Finding]:
    if fields.document.is_empty:
        message = "字段区之后没有正文。请补上正文，或确认正文全在附件里"
        yield Finding(fields.document.path, "", "body-empty", message)


def _look(words: Words) -> Iterator[Spot]:
    return iter(()) if words.field else structure_spots(words.text)


def _rule(code: str, name: str, why: str = "") -> WordsRule:
    return WordsRule(code, "warning", "structure", name, why, _look, thorough=True)


RULES: Final = (
    ArchiveRule("address-duplicate", "error", "structure", "网址重复", "", _doubled_addresses),
    ArchiveRule("path-column", "error", "structure", "文件不在栏目文件夹里", "", _places),
    ArchiveRule("path-reserved", "error", "structure", "文件名为系统保留", "", _places),
    FieldsRule("body-empty", "warning", "structure", "正文为空", "", _emptiness),
    _rule("heading-title", "正文里重写了标题"),
    _rule("heading-jump", "标题跳级", "GB/T 37668-2019"),
    _rule("section-empty", "标题下面没有内容"),
    _rule("image-alt", "图片没有文字说明", "GB/T 37668-2019：非文本内容应有替代文本"),
)
