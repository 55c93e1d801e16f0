"""A page of an old site gives its fields and its body, and nothing of what stands around them."""

from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from gongkai.imports.fidelity import compared
from gongkai.imports.html_blocks import Targets, blocks_of
from gongkai.imports.html_page import LARGEST, read_html
from gongkai.imports.outline import body_markdown
from gongkai.imports.page import Page, UnreadableFileError
from gongkai.imports.visible import body_of_html, grids, lines
from tests.make_docx import picture

CASES = Path(__file__).parents[1] / "cases"
nothing_beside = dict[str, bytes]().get
EXTENSIONS = ("toc", "tables", "fenced_code", "admonition", "footnotes", "sane_lists")
BODY = "<div id=zoom><p>正文在这里，共有十个字。</p>{}</div>"


class BlockCase(TypedDict):
    name: str
    html: str
    markdown: str


class FieldCase(TypedDict):
    name: str
    html: str
    fields: dict[str, str]


def block_cases() -> list[BlockCase]:
    cases: list[BlockCase] = yaml.safe_load((CASES / "import_blocks.yml").read_text("utf-8"))
    return cases


def field_cases() -> list[FieldCase]:
    cases: list[FieldCase] = yaml.safe_load((CASES / "import_fields.yml").read_text("utf-8"))
    return cases


def page_of(html: str, files: dict[str, bytes] | None = None) -> Page:
    """The page, once it is proved to be whole."""
    page = read_html(html.encode(), (files or {}).get)
    found = compared(page, extensions=EXTENSIONS)
    assert (found.differences, found.otherwise) == ((), ())
    return page


@pytest.mark.parametrize("case", block_cases(), ids=lambda case: str(case["name"]))
def test_html_becomes_the_markdown_of_the_case(case: BlockCase) -> None:
    root = body_of_html(case["html"])
    assert root is not None

    made = body_markdown(blocks_of(root, Targets(str, str)))

    assert made == case["markdown"]
    page = Page(fields={}, body=made, source=tuple(lines(root)), grids=tuple(grids(root)))
    found = compared(page, extensions=EXTENSIONS)
    assert (found.differences, found.otherwise) == ((), ())


@pytest.mark.parametrize("case", field_cases(), ids=lambda case: str(case["name"]))
def test_fields_are_read_wherever_they_stand(case: FieldCase) -> None:
    page = page_of(case["html"])

    assert {key: page.fields.get(key) for key in case["fields"]} == case["fields"]
    assert page.body == "正文在这里，共有十个字。\n"
    assert "虚构人甲" not in str(page)


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', "gb18030"),
        ("<meta charset='GBK'>", "gb18030"),
        ("<meta charset=gb2312>", "utf-8"),
        ("", "gb18030"),
        ("", "utf-8-sig"),
        ("<meta charset=utf-8>", "utf-8"),
        ("", "utf-16"),
    ],
    ids=["http-equiv", "charset", "a lie", "nothing", "mark", "utf-8", "utf-16"],
)
def test_an_encoding_is_found_by_mark_by_what_is_said_or_by_the_bytes(head: str, encoding: str) -> None:
    text = f"<html><head>{head}</head><body>{BODY.format('<p>镕基、㙦，第２条</p>')}</body></html>"

    page = read_html(text.encode(encoding), nothing_beside)

    assert page.body == "正文在这里，共有十个字。\n\n镕基、㙦，第２条\n"


def test_navigation_shares_and_the_hidden_stay_behind_and_are_counted() -> None:
    html = (
        "<div class=nav><a>首页</a></div><div class=wrap>"
        + BODY.format("<div class=bdsharebuttonbox>分享到</div><p style='display:none'>看不见</p>")
        + "</div><div id=footer>版权所有</div>"
    )

    page = page_of(html)

    assert page.body == "正文在这里，共有十个字。\n"
    assert page.notes == ("正文以外的 6 字（导航、页脚等）没有导入", "正文里的标题、字段和分享按钮等 6 字没有放进正文")


def test_a_body_of_no_known_name_is_where_most_words_are() -> None:
    html = "<div><a>首页</a><a>机构</a><a>服务</a></div><div class=x7><p>全年扎实工作。</p><p>成效明显。</p></div><div>联系我们</div>"

    assert page_of(html).body == "全年扎实工作。\n\n成效明显。\n"


@pytest.mark.parametrize(
    "around",
    [
        "<nav><p>{}</p></nav>",
        "<footer><div>{}</div></footer>",
        "<div class=related><p>{}</p></div>",
        "<div id=share><ul><li>{}</ul></div>",
        "<div style='display:none'><div>{}</div></div>",
    ],
)
def test_many_words_in_what_stands_around_make_no_body_of_it(around: str) -> None:
    html = "<div class=x7><p>全年扎实工作。</p></div>" + around.format("这里的话比正文还要多得多，说的是别的事情。")

    assert page_of(html).body == "全年扎实工作。\n"


def test_a_cell_that_says_what_the_title_says_stays_in_its_table() -> None:
    html = "<h1>总结</h1>" + BODY.format("<table><tr><td>总结<td>1<tr><td>计划<td>2</table>")

    assert "| 总结 | 1 |" in page_of(html).body


def test_a_page_that_is_one_form_has_its_body_too() -> None:
    html = "<form id=form1><nav><p>首页、机构、服务、互动、数据，一句比正文还长的话。</p></nav><div><p>全年扎实工作，成效明显。</p></div></form>"

    assert page_of(html).body == "全年扎实工作，成效明显。\n"


def test_pictures_and_files_beside_a_page_come_along_and_missing_ones_are_named() -> None:
    files = {"img/a.png": picture(), "申报 表.doc": b"words"}
    html = BODY.format(
        "<p><img src='img/a.png' alt='流程'><a href='申报%20表.doc'>申报表</a><a href='b.pdf'>汇总表</a>"
        "<a href='t1.html'>旧文</a><a href='https://www.example.com/'>站外</a><a href='javascript:x()'>打印</a>"
        "<img src='c.png'></p>"
    )

    page = page_of(html, files)

    names = sorted(page.assets)
    assert page.body.endswith(
        f"![流程]({names[0]})[申报表]({names[1]})汇总表旧文[站外](https://www.example.com/)打印\n"
    )
    assert [name.rpartition(".")[2] for name in names] == ["png", "doc"]
    assert page.assets[names[1]] == b"words"
    assert [loss.partition("：")[0] for loss in page.losses] == ["缺附件 b.pdf", "缺图片 c.png"]
    assert "原网站里的链接 1 处只保留文字：t1.html" in page.notes


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ("<p> </p>", "网页里没有文字"),
        ("<div>" * 200 + "甲", "套得太深"),
        ("<p>甲</p>" + " " * LARGEST, "太大了"),
        (
            "<table><tr><td>索引号<td>A/2018-1<tr><td>公开方式<td>主动公开</table>"
            "<table><tr><td>索引号<td>A/2018-2<tr><td>公开方式<td>主动公开</table>",
            "页面上有几张字段表",
        ),
        ("<table><tr><td>索引号<td>A/2018-1<tr><td>索引号<td>A/2018-2</table>", "“索引号”写了两次"),
    ],
    ids=["empty", "deep", "large", "two field tables", "one field twice"],
)
def test_what_is_no_page_is_refused_with_what_to_do(html: str, message: str) -> None:
    with pytest.raises(UnreadableFileError, match=message):
        read_html(html.encode(), nothing_beside)


def test_a_field_that_is_none_of_ours_is_told() -> None:
    page = page_of(
        "<table><tr><td>索引号<td>A/2018-1<tr><td>公开方式<td>主动公开<tr><td>有效性<td>有效</table>" + BODY.format("")
    )

    assert "字段表里的“有效性：有效”没有对应的字段，没有导入" in page.notes


def test_a_video_cannot_come_along_and_is_told() -> None:
    assert page_of(BODY.format("<video src=a.mp4></video>")).losses == ("视频 1 处不能导入。请换成图片、文字或附件",)
