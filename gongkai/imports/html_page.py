"""A page of an old site as a document: its fields, and its body without all that stands around it.

Fields come from the field table, then from the national meta tags, then from the line under the title. The body is what
known systems call by name, else the element with the most words outside of links.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.imports.assets import Assets, Beside
from gongkai.imports.fields import LABELS, find_field_table
from gongkai.imports.html_blocks import blocks_of
from gongkai.imports.outline import body_markdown
from gongkai.imports.page import Page, UnreadableFileError
from gongkai.imports.visible import TooDeepError, body_of_html, grids, has_within, lines, rows_of, squeezed_text
from gongkai.records.front_matter import decode

LARGEST: Final = 8 * 1024 * 1024
_CONTAINERS: Final = (
    "#zoom, #Zoom, .TRS_Editor, .TRS_UEDITOR, .view.TRS_UEDITOR, #UCAP-CONTENT, .UCAP-CONTENT, ucapcontent, .Custom_UnionStyle",
    ".article-content, .article_content, .articleContent, .pages_content, .news_content, .content_text, .zoomcon, #vsb_content",
    "#article, .article, #content, .content, article, main",
)
_FURNITURE: Final = re.compile(
    r"(?:^|[\s_-])(?:share|bdshare\w*|bshare\w*|social\w*|breadcrumb\w*|crumbs?|position|location|dqwz|comments?|pinglun"
    r"|footer|foot|navbar|nav|menu|sidebar|qrcode|ewm|print\w*|fontsize|font-size|editor-info|related\w*|prevnext|toolbar)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_FURNITURE_TAGS: Final = "nav, header, footer, form, button, select, textarea, aside, dialog"
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LOST: Final = {
    **{"iframe": "嵌入的网页", "video": "视频", "audio": "音频", "canvas": "画布", "math": "公式"},
    **{"object": "嵌入的对象", "embed": "嵌入的对象"},
}
_NO_HOLDERS: Final = frozenset(["p", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "table", "tbody", "thead", "tr"])
_BLOCKS: Final = "table, ul, ol, p, div, img, h1, h2, h3, h4, h5, h6"
_META: Final = {
    **{"articletitle": "title", "pubdate": "published", "contentsource": "source", "columnname": "category"},
    **{"keywords": "keywords", "description": "description"},
}
_PUBLISHED: Final = re.compile(
    r"(?:发布时间|发布日期|发表时间|时间|日期)\s*[:：]\s*(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?)"
)
_SOURCE: Final = re.compile(r"(?:信息来源|文章来源|来源)\s*[:：]\s*([^\s:：|【\[]{1,30})")
_BYTE_ORDER_MARKS: Final = (
    *((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")),
)
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_CHARSET_WITHIN: Final = 4096
_CHINESE_CHARSETS: Final = ("gbk", "gb2312", "gb18030", "hz", "gb_2312-80")


def read_html(data: bytes, beside: Beside) -> Page:
    """Raise UnreadableFileError for what is no page of an article, or more than one may be."""
    if len(data) > LARGEST:
        raise UnreadableFileError(
            f"网页有 {len(data) // 2**20} MB，太大了，不像一篇文章。请另存为只含正文的网页，再导入"
        )
    text = _decoded(data)
    body = _body(text)
    head = LexborHTMLParser(text)
    table = find_field_table(body)
    out = {node.mem_id for node in _furniture(body)} | ({table.element.mem_id} if table else set())
    article = _article(body, frozenset(out))
    line = _from_line(body)
    values = {**line, **_from_meta(head), **(table.values if table else {})}
    values["published"] = _fuller(values.get("published", ""), line.get("published", ""))
    values["title"] = values.get("title") or _heading(body) or _from_head(head)
    out |= {node.mem_id for node in _title_lines(article, frozenset(out), values["title"])}
    without, assets = frozenset(out), Assets(beside)
    blocks = blocks_of(article, assets.targets(), without=without)
    return Page(
        fields={key: value for key, value in values.items() if value},
        body=body_markdown(blocks),
        source=tuple(lines(article, without=without)),
        grids=tuple(grids(article, without=without)),
        assets=assets.files,
        notes=(*_left_out(body, article, without), *(table.notes() if table else ()), *assets.notes()),
        losses=(*_losses(article, without), *assets.losses()),
        may_assume=True,
    )


def _decoded(data: bytes) -> str:
    """The page as text: by its byte order mark, by what it says of itself, else by what its bytes are.

    Raises UnreadableFileError where it can be read in no way.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    charset = _CHARSET.search(data[:_CHARSET_WITHIN])
    text = _decoded_as(charset[1].decode().casefold(), data) if charset else None
    if text is None:
        text, _ = decode(data)
    if text is None:
        raise UnreadableFileError("看不出网页是什么编码。请用浏览器打开，另存为 UTF-8 编码，再导入")
    return text


def _decoded_as(charset: str, data: bytes) -> str | None:
    """In the encoding that the page names, where it is true: many a page says gb2312 and is UTF-8."""
    try:
        return data.decode("gb18030" if charset in _CHINESE_CHARSETS else codecs.lookup(charset).name)
    except (LookupError, UnicodeDecodeError):
        return None


def _body(text: str) -> LexborNode:
    try:
        body = body_of_html(text)
    except TooDeepError:
        raise UnreadableFileError(
            "网页里的元素一层套一层，套得太深，读不了。请用浏览器打开，把正文另存，再导入"
        ) from None
    if body is None or not squeezed_text(body):
        raise UnreadableFileError("网页里没有文字，没有可以导入的内容")
    return body


def _furniture(body: LexborNode) -> Iterator[LexborNode]:
    yield from body.css(_FURNITURE_TAGS)
    for node in body.css("[class], [id], [style], [hidden]"):
        given = node.attributes
        words = f"{given.get('class') or ''} {given.get('id') or ''}"
        if node.tag != "body" and (
            _FURNITURE.search(words) or _HIDDEN.search(given.get("style") or "") or "hidden" in given
        ):
            yield node


def _article(body: LexborNode, out: frozenset[int]) -> LexborNode:
    """The element that holds the text: one of a known name, else the one with the most words outside of links."""
    for names in _CONTAINERS:
        named = [node for node in body.css(names) if _weight(node, out) >= 10]
        if named:
            return max(named, key=lambda node: _weight(node, out))
    return _fullest(body, out | _in_furniture(body)) or _fullest(body, out) or body


def _in_furniture(body: LexborNode) -> frozenset[int]:
    """All that stands in furniture; a form may be the whole page, as some systems of old had it."""
    half = len(squeezed_text(body)) / 2
    furniture = (node for node in _furniture(body) if node.tag != "form" or len(squeezed_text(node)) < half)
    return frozenset(inner.mem_id for node in furniture for inner in (node, *node.css("*")))


def _fullest(body: LexborNode, out: frozenset[int]) -> LexborNode | None:
    scores: Counter[int] = Counter()
    nodes: dict[int, LexborNode] = {}
    for node in body.css("p, div, td, section, li, table"):
        holder = _holder(node)
        if holder is None or node.mem_id in out or _lays_out(node):
            continue
        words = _weight(node, out) if node.tag in ("p", "li", "table") else _own_words(node)
        scores[holder.mem_id] += words
        nodes[holder.mem_id] = holder
    best = max(scores, key=lambda name: scores[name], default=None)
    return nodes[best] if best is not None and scores[best] else None


def _lays_out(node: LexborNode) -> bool:
    """Whether it is a table of one column: such a one puts the parts of a page below each other."""
    return node.tag == "table" and all(len(row) < 2 for row in rows_of(node))


def _holder(node: LexborNode) -> LexborNode | None:
    """What a body may be: no list, and nothing in one."""
    while node.tag in _NO_HOLDERS and node.parent is not None:
        node = node.parent
    return node


def _weight(node: LexborNode, out: frozenset[int]) -> int:
    links = sum(len(squeezed_text(link)) for link in node.css("a"))
    return len(squeezed_text(node, out)) - links


def _own_words(node: LexborNode) -> int:
    return sum(
        len((child.text_content or "").strip()) for child in node.iter(include_text=True) if child.tag == "-text"
    )


def _title_lines(article: LexborNode, out: frozenset[int], title: str) -> Iterator[LexborNode]:
    """The title, and the line of 发布时间 and 来源, where they stand in the body: fields say them."""
    plain = "".join(title.split())
    is_titled = False
    for node in article.css("h1, h2, h3, p, div, span, td")[:40]:
        words = "" if has_within(node, _BLOCKS) else squeezed_text(node, out)
        is_line = bool(_PUBLISHED.search(words)) and len(words) <= 80 and "。" not in words
        is_title = bool(words) and words == plain and not (is_titled or _is_one_of_many(node))
        is_titled |= is_title
        if is_title or is_line:
            yield node


def _is_one_of_many(node: LexborNode) -> bool:
    """Whether it stands in a table that says something, not in one that lays out the page."""
    table = node.parent
    while table is not None and table.tag != "table":
        table = table.parent
    return table is not None and not _lays_out(table)


def _heading(body: LexborNode) -> str:
    headings = (node for name in ("h1", "h2") for node in body.css(name) if not has_within(node, _BLOCKS))
    return " ".join("".join(lines(next(headings, None))).split())


def _from_head(head: LexborHTMLParser) -> str:
    """The page's name in its head, without the site's own that follows."""
    title = head.css_first("title")
    words = " ".join((title.text() if title is not None else "").split())
    return re.split(r"\s*[_|｜]\s*|\s+[-—]+\s+", words)[0]


def _from_meta(head: LexborHTMLParser) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for tag in head.css("meta"):
        given = {name.casefold(): value or "" for name, value in tag.attributes.items()}
        key = _META.get(given.get("name", "").strip().casefold())
        value = " ".join(given.get("content", "").split())
        if key and value:
            found.setdefault(key, value)
    return found


def _from_line(body: LexborNode) -> Mapping[str, str]:
    words = "\n".join(lines(body))
    found = {"published": _PUBLISHED.search(words), "source": _SOURCE.search(words)}
    return {key: match[1].strip() for key, match in found.items() if match and match[1] not in LABELS}


def _fuller(one: str, other: str) -> str:
    """A moment with its seconds rather than the same without."""
    return other if other.startswith(one) else one


def _left_out(body: LexborNode, article: LexborNode, out: frozenset[int]) -> Iterator[str]:
    around = len(squeezed_text(body)) - len(squeezed_text(article))
    inside = len(squeezed_text(article)) - len(squeezed_text(article, out))
    if around:
        yield f"正文以外的 {around} 字（导航、页脚等）没有导入"
    if inside:
        yield f"正文里的标题、字段和分享按钮等 {inside} 字没有放进正文"


def _losses(article: LexborNode, out: frozenset[int]) -> Iterator[str]:
    counts = Counter(_LOST[node.tag or ""] for node in article.css(", ".join(_LOST)) if node.mem_id not in out)
    for name, count in sorted(counts.items()):
        yield f"{name} {count} 处不能导入。请换成图片、文字或附件"
