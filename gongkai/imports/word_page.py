"""A docx as a page: the converter's HTML on the one side, what its XML says on the other."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import mammoth  # type: ignore[import-untyped]  # ships no types
from selectolax.lexbor import LexborNode

from gongkai.imports.assets import filed_picture
from gongkai.imports.blocks import Block
from gongkai.imports.fields import FieldTable, Lead, find_field_table, lead_of, told_by_lines
from gongkai.imports.html_blocks import Targets, blocks_of
from gongkai.imports.outline import body_markdown
from gongkai.imports.page import Page, UnreadableFileError
from gongkai.imports.visible import TooDeepError, body_of_html
from gongkai.imports.word_cleaning import Cleaning
from gongkai.imports.word_text import Witness
from gongkai.imports.word_xml import W, Word, open_word

_STYLES = """
p[style-name='Title'] => p:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='List Paragraph'] => p:fresh
p[style-name='标题 1'] => h1:fresh
p[style-name='标题 2'] => h2:fresh
p[style-name='标题 3'] => h3:fresh
p[style-name='标题 4'] => h4:fresh
"""
_LEFT_OUT = {
    "隐藏文字": "隐藏文字 {} 处没有导入",
    "修订中删去的内容": "修订中删去的内容 {} 处没有导入",
    "修订中新增的内容": "修订中新增的内容 {} 处按已接受导入",
    "批注": "批注 {} 条没有导入",
    "文本框": "文本框 {} 个放在所在段落之后",
    "目录": "目录没有导入：网页上没有页码",
    "注音": "注音（拼音）{} 处没有导入",
}


@dataclass(slots=True)
class _Pictures:
    """The pictures of a docx, filed by content."""

    files: dict[str, bytes] = field(default_factory=dict)
    unfit: Counter[str] = field(default_factory=Counter)
    without_words: int = 0

    def keep(self, image: object) -> dict[str, str]:
        try:
            with image.open() as source:  # type: ignore[attr-defined]  # mammoth ships no types
                data: bytes = source.read()
        except (KeyError, OSError, ValueError):
            data = b""
        filed = filed_picture(data)
        if filed is None:
            self.unfit[str(getattr(image, "content_type", "") or "未知").rpartition("/")[2]] += 1
            return {"src": ""}
        name, kept = filed
        self.files[name] = kept
        self.without_words += not getattr(image, "alt_text", "")
        return {"src": name}


def read_word(data: bytes) -> Page:
    """Raise UnreadableFileError for what cannot be read."""
    word = open_word(data)
    witness, cleaning, pictures = Witness(word), Cleaning(word), _Pictures()
    body = _converted(cleaning.cleaned(), pictures)
    table = find_field_table(body)
    top = _place_of(body, table)
    lines = [line for line in witness.lines if top is None or line.table != top]
    if not any(line.text.strip() for line in witness.lines) and not pictures.files:
        raise UnreadableFileError("文件里没有文字，也没有图片，没有可以导入的内容")
    lead = lead_of(lines)
    out_of_body = frozenset([table.element.mem_id] if table else [])
    blocks = blocks_of(body, Targets(str, _link), without=out_of_body, has_marks=True)
    out = {witness.tops[top]} if top is not None and top < len(witness.tops) else set()
    told = {"title": lead.title, "document_number": lead.document_number, **told_by_lines(lines)}
    in_table = table.values if table else {}
    return Page(
        fields={**{key: value for key, value in told.items() if value and not in_table.get(key)}, **in_table},
        body=body_markdown(_without_lead(blocks, [lines[at].text for at in lead.taken])),
        source=tuple(line.text for at, line in enumerate(lines) if at not in lead.taken),
        grids=tuple(grid for at, grid in enumerate(witness.grids) if at not in out and grid),
        assets=pictures.files,
        notes=(*_letterhead(lead), *_notes(word, cleaning, pictures), *(table.notes() if table else ())),
        losses=tuple(_losses(cleaning, pictures)),
        may_assume=True,
        is_new=True,
    )


def _converted(data: bytes, pictures: _Pictures) -> LexborNode:
    try:
        result = mammoth.convert_to_html(
            BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(pictures.keep)
        )
        body = body_of_html(f"<!doctype html><body>{result.value}</body>")
    except (TooDeepError, RecursionError):
        raise UnreadableFileError("表格或列表一层套一层，套得太深，读不了。请把它们拆开，再导入") from None
    except (KeyError, ValueError, AttributeError, TypeError, IndexError) as problem:
        raise UnreadableFileError(
            f"docx 的内部结构有误（{type(problem).__name__}），转换不了。请用 Word 或 WPS 打开，另存为 .docx 再导入"
        ) from None
    if body is None:
        raise UnreadableFileError("docx 里没有正文")
    return body


def _link(address: str) -> str:
    """Links out of the document; a place within it is words alone."""
    return address if address.startswith(("http://", "https://", "mailto:", "ftp://")) else ""


def _place_of(body: LexborNode, table: FieldTable | None) -> int | None:
    """Which of the document's own tables is the field table."""
    if table is None or table.element.tag != "table":
        return None
    own = [child.mem_id for child in body.iter() if child.tag == "table"]
    return own.index(table.element.mem_id) if table.element.mem_id in own else None


def _without_lead(blocks: list[Block], taken: list[str]) -> list[Block]:
    """The blocks without those whose words went into fields."""
    left = ["".join(text.split()) for text in taken]
    kept = []
    for block in blocks:
        if left and not block.markdown and "".join(block.text.split()) == left[0]:
            left.pop(0)
        else:
            kept.append(block)
    return kept


def _letterhead(lead: Lead) -> Iterator[str]:
    if lead.letterhead:
        yield f"红头“{lead.letterhead}”没有放进正文"


def _notes(word: Word, cleaning: Cleaning, pictures: _Pictures) -> Iterator[str]:
    comments = word.beside("comments.xml")
    counts = Counter(cleaning.counts)
    counts["批注"] = len(comments.findall(f"{W}comment")) if comments is not None else 0
    for name, words in _LEFT_OUT.items():
        if counts[name]:
            yield words.format(counts[name])
    for kind, sign in (("页眉", "header"), ("页脚", "footer")):
        text = _furniture(word, sign)
        if text:
            yield f"{kind}没有导入：“{text[:30]}”"
    if pictures.without_words:
        yield f"图片 {pictures.without_words} 张没有替代文字，请在正文里补上"


def _furniture(word: Word, sign: str) -> str:
    """The words of headers or footers; a page number is none."""
    texts = []
    for name in sorted(word.parts):
        if name.startswith(f"{word.folder}/{sign}") and name.endswith(".xml"):
            root = word.tree(name)
            texts += [text.text or "" for text in root.iter(f"{W}t")] if root is not None else []
    joined = " ".join("".join(texts).split())
    return joined if any(sign.isalpha() for sign in joined) else ""


def _losses(cleaning: Cleaning, pictures: _Pictures) -> Iterator[str]:
    for name, count in cleaning.losses.items():
        if count:
            yield f"{name} {count} 处不能照原样导入。请截成图片插入原文，或者把原件作为附件"
    for kind, count in pictures.unfit.items():
        yield f"图片 {count} 张的格式（{kind}）网页不能显示。请在原文里换成 PNG 或 JPEG 图片"
