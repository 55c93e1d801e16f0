from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.engine.settings import read_settings
from gongkai.pages.body import Converter
from gongkai.records.plain_text import visible_text
from tests.writing import document

ROOT = Path(__file__).parents[2]
SECRET = "秘密"
Html = Callable[[str], str]


def nothing_at(path: str) -> str | None:
    return None


@pytest.fixture(scope="module")
def html() -> Html:
    """The converter of the project's own settings."""
    settings = read_settings(ROOT / "mkdocs.yml")
    converter = Converter(settings.extensions, settings.extension_configs)
    return lambda body: converter.html(body, document(), nothing_at)


@pytest.mark.parametrize(
    "body",
    [
        "<!-- 秘密 -->",
        "<!--秘密-->",
        "<!-- 秘密\n秘密 -->",
        "<!--\n\n秘密\n\n    秘密\n\n- 秘密\n-->",
        "<!-- 秘密 -- 秘密 - -->",
        "<!-- 甲 > 秘密 -->",
        "<!-- 秘密 --!>",
        "<!-- 秘密 --><!-- 秘密 -->",
        "<!-- `秘密` **秘密** [秘密](秘密.md) -->",
        "<!-- 秘密 <!-- 秘密 -->",
        "   <!-- 秘密 -->",
        "<?php 秘密 ?>",
        "<?xml 秘密?>",
        "<![CDATA[秘密]]>",
        "<!DOCTYPE 秘密>",
        "<!doctype html 秘密>",
    ],
)
def test_a_comment_by_itself_leaves_nothing(html: Html, body: str) -> None:
    assert html(body).strip() == ""
    assert html(f"前\n\n{body}\n\n后").split() == ["<p>前</p>", "<p>后</p>"]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("前 <!-- 秘密 --> 后", "前 后"),
        ("前，<!-- 秘密\n秘密 --> 后", "前， 后"),
        ("前 <!-- 甲 > 秘密 --> 后", "前 后"),
        ("前\n<!-- 秘密 -->\n后", "前 后"),
        ("<!-- 秘密 --> 后", "后"),
        ("<!-- 秘密 -->\n后", "后"),
        ("前 <? 秘密 ?> 后", "前 后"),
        ("前 <![CDATA[秘密]]> 后", "前 后"),
        ("**前 <!-- 秘密 -->** 后", "前 后"),
        ("[前 <!-- 秘密 -->](a.md) 后", "前 后"),
        ("# 前 <!-- 秘密 -->", "前"),
        ("前 <!-- 秘密 -->\n===", "前"),
        ("[TOC]\n\n## 前 <!-- 秘密 -->", "前 前"),
        ("- 前 <!-- 秘密 -->\n- 后", "前 后"),
        ("- 前\n\n    <!-- 秘密 -->\n\n    后", "前 后"),
        ("1. 前\n\n    <!-- 秘密\n    秘密 -->\n\n2. 后", "前 后"),
        ("| 甲 | 乙 |\n|---|---|\n| 前 <!-- 秘密 --> | 后 |", "甲 乙 前 后"),
        ("| 甲 <!-- 秘密 --> | 乙 |\n|---|---|\n| 前 | 后 |", "甲 乙 前 后"),
        ('!!! note "题 <!-- 秘密 -->"\n    前 <!-- 秘密 -->\n\n    <!-- 秘密 -->\n\n    后', "题 前 后"),
        ('??? note "题 <!-- 秘密 -->"\n    前\n\n    <!-- 秘密 -->', "题 前"),
        ("> 前 <!-- 秘密 -->\n>\n> <!-- 秘密 -->\n>\n> 后", "前 后"),
        ("<div>前 <!-- 秘密 --> 后</div>", "前 后"),
        ("<div>\n<!--\n\n秘密\n\n-->\n后\n</div>", "后"),
        ("<pre>前<!-- 秘密 --></pre>", "前"),
        ("<table><tr><td>前<!-- 秘密 --></td></tr></table>", "前"),
        ("前 <span>中<!-- 秘密 --></span> 后", "前 中 后"),
        ("<div>前 <!-- 秘密", "前"),
        ("<div>前 <!-- 甲 > 秘密", "前"),
        ("<div>前 <! 秘密", "前"),
        ("<div>前 <!-- 秘密 --!> 后</div>", "前 后"),
        ("<p>前 <!-- 秘密</p>\n\n后", "前 后"),
    ],
)
def test_a_comment_in_a_text_goes_and_the_text_stays(html: Html, body: str, shown: str) -> None:
    made = html(body)

    assert SECRET not in made
    assert "<!" not in made
    assert "<?" not in made
    assert visible_text(made).split() == shown.split()


def test_a_comment_in_a_footnote_goes_and_the_footnote_stays(html: Html) -> None:
    made = html("前[^1]\n\n[^1]: 注 <!-- 秘密 -->\n\n    <!-- 秘密 -->\n\n    续")

    assert SECRET not in made
    assert "注" in made
    assert "续" in made


def test_a_comment_gives_a_heading_no_part_of_its_anchor(html: Html) -> None:
    assert html("# 标题 <!-- 秘密 -->").startswith('<h1 id="标题">标题')


@pytest.mark.parametrize(
    "body",
    [
        "前 <!-- 甲\n\n秘密 --> 后",
        "# 前 <!-- 甲\n秘密 --> 后",
        "- 前 <!-- 甲\n- 秘密 -->\n- 后",
        "| 前 |\n|---|\n| <!-- 甲 |\n| 秘密 --> 后 |",
        "> ```\n前 <!-- 甲\n\n秘密 -->\n> ```\n\n后",
        "    ```\n前 <!-- 甲\n\n秘密 -->\n    ```\n\n后",
        "- 前\n\n    <!-- 甲\n\n    秘密 -->\n\n    后",
        "!!! note\n    前\n\n    <!-- 甲\n\n    秘密 -->\n\n    后",
        "> 前\n>\n> <!-- 甲\n>\n> 秘密 -->\n>\n> 后",
        "前[^1]\n\n[^1]: 注\n\n    <!-- 甲\n\n    秘密 -->\n\n    后",
    ],
    ids=[
        "text",
        "heading",
        "entries",
        "rows",
        "a fence that is none",
        "a fence in code",
        "list",
        "admonition",
        "quotation",
        "footnote",
    ],
)
def test_a_comment_over_several_blocks_goes_as_a_whole(html: Html, body: str) -> None:
    made = html(body)

    assert SECRET not in made
    assert "前" in made
    assert "后" in made


@pytest.mark.parametrize(
    "body",
    [
        "<!-- 未完",
        "前 <!-- 未完\n\n后",
        "<!-- 未完\n\n后",
        "<!未完",
        "<? 未完",
        "前 <!DOCTYPE 未完> 后",
        "<!ELEMENT 未完>",
    ],
)
def test_what_is_no_comment_yet_is_shown_so_that_its_writer_sees_it(html: Html, body: str) -> None:
    made = html(body)

    assert "未完" in visible_text(made)
    assert "<!" not in made
    assert "<?" not in made


@pytest.mark.parametrize(
    "body",
    [
        "`<!-- 示例 -->`",
        "前 `` <!-- 示例 --> `` 后",
        "`<?php 示例 ?>`",
        "`<!DOCTYPE 示例>`",
        "```\n<!-- 示例 -->\n```",
        "```html\n<!-- 示例\n\n示例 -->\n```",
        "~~~php\n<?php 示例 ?>\n~~~",
        "```xml\n<![CDATA[示例]]>\n```",
        "- 前\n\n    ```html\n    <!-- 示例 -->\n    ```",
        "- 前 `<!-- 示例 -->`",
        "!!! note\n    ```html\n    <!-- 示例 -->\n    ```",
        "| 甲 |\n|---|\n| `<!-- 示例 -->` |",
        "# 题 `<!-- 示例 -->`",
        "前[^1]\n\n[^1]: `<!-- 示例 -->`",
        "> ```html\n> <!-- 示例 -->\n> ```",
        "&lt;!-- 示例 --&gt;",
        "<pre>&lt;!-- 示例 --&gt;</pre>",
        "<!-- 秘密 -->\n```\n<!-- 示例 -->\n```\n<!-- 秘密 -->",
    ],
)
def test_a_comment_that_a_document_shows_is_shown(html: Html, body: str) -> None:
    made = html(body)

    assert "示例" in visible_text(made)
    assert "&lt;" in made
    assert SECRET not in made


@pytest.mark.parametrize(
    "body", ["    <!-- 秘密 -->", "前\n\n    <!-- 秘密 -->", '<abbr title="<!-- 秘密 -->">文</abbr>']
)
def test_what_may_be_a_comment_goes_rather_than_stay(html: Html, body: str) -> None:
    """Markdown takes lines indented by four for code, clerks for a comment with blanks before it."""
    assert SECRET not in html(body)


@pytest.mark.parametrize("opening", ["<!-->", "<!--->"])
def test_a_comment_that_ends_where_it_begins_hides_nothing_after_it(html: Html, opening: str) -> None:
    assert "文" in html(f"<div>{opening}文<!-- 秘密 --></div>")


def test_one_document_leaves_nothing_to_the_next(html: Html) -> None:
    html("前 <!-- 秘密 -->\n\n<div>\n<!-- 秘密")

    assert html("前 <em>后</em>") == "<p>前 <em>后</em></p>"


def test_a_document_of_many_comments_is_made_quickly(html: Html) -> None:
    made = html("前 <!-- 秘密 --> 后\n\n<!-- 秘密 -->\n\n" * 300)

    assert SECRET not in made
    assert made.count("前") == 300


PIECES = st.lists(
    st.sampled_from(
        [
            "<!-- 秘密 -->",
            "<!--秘密-->",
            "<? 秘密 ?>",
            "文",
            " ",
            "\n",
            "\n\n",
            "- ",
            "# ",
            "> ",
            "*",
            "|",
            "<b>",
            "</b>",
        ]
    ),
    max_size=12,
).map("".join)


@given(body=PIECES)
def test_wherever_a_comment_stands_it_goes_and_no_other_character_does(html: Html, body: str) -> None:
    made = html(body)

    assert SECRET not in made
    assert made.count("文") >= body.count("文")
