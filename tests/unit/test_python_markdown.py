"""The shortcuts change how long a body takes, and not one byte of it."""

import re
from pathlib import Path
from xml.etree.ElementTree import Element

import markdown  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown.blockprocessors import HRProcessor  # type: ignore[import-untyped]  # ships no types
from markdown.extensions import Extension  # type: ignore[import-untyped]  # ships no types
from markdown.inlinepatterns import SimpleTagInlineProcessor  # type: ignore[import-untyped]  # ships no types

from gongkai.engine.settings import read_settings
from gongkai.pages.python_markdown import take_shortcuts

ROOT = Path(__file__).parents[2]
SETTINGS = read_settings(ROOT / "mkdocs.yml")
DOCUMENTS = sorted((ROOT / "docs").rglob("*.md"))


def fresh() -> markdown.Markdown:
    return markdown.Markdown(extensions=[*SETTINGS.extensions], extension_configs={**SETTINGS.extension_configs})


STOCK, QUICK = fresh(), take_shortcuts(fresh())

MARKS = (
    "甲 正文 （一） 一、 １． 1 12. 3.5 2021年 a Z Hello 　 \u00a0 · — “乙” https://a.example/x_y <http://b.example> "
    "<m@c.example> * ** *** _ __ *重* **点** _强_ ` `` ``` ```python ~~~ ~~~~ \\ \\* \\\\ \\[ [ ] ( ) ! [文](x.md) "
    "[a][b] [b] [b]: [^1] [^1]: ![图](y.png) ![图][b] [TOC] # ## ###### #a \\# = === - --- -- + > >> | |---|---| "
    "|a|b| | & &amp; &#38; &nbsp; < > <b> </b> <div> </div> <br> <br/> <!--x--> <script> </script> <?x?> <![CDATA[x]]> "
    '!!! note "注" ??? ???+ "折" : :-- 1986. \\_ \x02 \x03 \x02klzzwxh:0000\x03 \x02wzxhzdk:0\x03 \x0264\x03'
)
BLANKS = ["", "", " ", "  ", "    ", "\t", "\n", "\n\n", "  \n", "\n    ", "\n\n    ", "\r\n"]
PIECE = st.sampled_from(MARKS.split(" ")) | st.text(max_size=3)
TEXTS = st.lists(st.tuples(PIECE, st.sampled_from(BLANKS)), max_size=30).map(
    lambda pairs: "".join(piece + blank for piece, blank in pairs)
)


@given(TEXTS)
@example("甲\n\n# 一 \\\n\n乙[^1]\n\n[^1]: 注\n\n* 丙\n\n    丁\n")
@example("１. 甲")
@example("# 甲 | 乙\n--- | ---\n丙 | 丁")
@example("甲  \n乙")
@example("# [TOC]\n\n[TOC]\n\n## *甲*")
def test_any_text_comes_out_as_the_library_makes_it(text: str) -> None:
    assert converted(QUICK, text) == converted(STOCK, text)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_document_comes_out_as_the_library_makes_it(path: Path) -> None:
    text = path.read_text("utf-8")

    assert converted(QUICK, text) == converted(STOCK, text)


def converted(instance: markdown.Markdown, text: str) -> str:
    html: str = instance.reset().convert(text)
    return html


def test_plain_prose_is_never_tried_for_marks() -> None:
    seen: list[str] = []
    quick = take_shortcuts(fresh())
    quick.inlinePatterns.register(Watching(seen), "watching", 5)

    quick.convert("平常的一段话。\n\n有**重点**的一段话。")
    assert "平常的一段话。" not in seen
    assert any("重点" in text for text in seen)


class Watching(SimpleTagInlineProcessor):  # type: ignore[misc]  # the library ships no types
    """A pattern that takes nothing and notes what it is tried on."""

    def __init__(self, seen: list[str]) -> None:
        super().__init__("(?s)^.*$", "i")
        self._seen = seen

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, None, None]:  # noqa: N802
        self._seen.append(data)
        return None, None, None


class Names(Extension):  # type: ignore[misc]  # the library ships no types
    """A stranger among the extensions: ￥names￥."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the library's name
        md.inlinePatterns.register(SimpleTagInlineProcessor("(￥)(.*?)￥", "i"), "names", 50)


class Rules(Extension):  # type: ignore[misc]  # the library ships no types
    """Another one: a line of ＊ is a rule."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the library's name
        md.parser.blockprocessors.register(Rule(md.parser), "rules", 50)


class Rule(HRProcessor):  # type: ignore[misc]  # the library ships no types
    SEARCH_RE = re.compile("^＊+$")


def test_an_extension_that_nobody_knows_still_works() -> None:
    quick = take_shortcuts(markdown.Markdown(extensions=[Names(), Rules()]))

    assert quick.convert("见￥张三￥。\n\n＊＊＊") == "<p>见<i>张三</i>。</p>\n<hr />"
