"""Each part alone: what it prints, that it escapes, and that it asks for nothing it is not given."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.catalogue.listings import Leaf
from gongkai.catalogue.order import Related
from gongkai.engine.templates import Example, Part, parts
from gongkai.pages.facts import AttachmentLink, Crumb, Row
from gongkai.pages.page_history import Event, PageHistory
from gongkai.pages.views import DocumentRow, Group
from gongkai.site import Site

OVERRIDES = Path(__file__).parents[2] / "overrides"
NASTY = "<b>甲</b>&\"'"
PARTS = sorted(path for path in (OVERRIDES / "parts").iterdir() if path.is_dir())
EXAMPLES = [(part, example) for part in parts([OVERRIDES]) for example in part.examples]
ENVIRONMENT = Environment(
    loader=FileSystemLoader(OVERRIDES),
    undefined=StrictUndefined,
    autoescape=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


def printed(template: str, macro: str, **values: object) -> str:
    return str(getattr(ENVIRONMENT.get_template(template).module, macro)(**values))


def rendered(part: str, macro: str, **values: object) -> LexborHTMLParser:
    return LexborHTMLParser(printed(f"parts/{part}/{part}.html", macro, **values))


def first(tree: LexborHTMLParser, selector: str) -> LexborNode:
    return tree.css(selector)[0]


def row(**values: str) -> DocumentRow:
    plain = dict.fromkeys(("address", "title", "index", "date", "department", "description", "mark"), NASTY)
    return DocumentRow(**{**plain, **values})


@pytest.mark.parametrize("part", PARTS, ids=lambda path: path.name)
def test_a_part_has_template_style_and_examples_of_its_name(part: Path) -> None:
    files = {file.name for file in part.iterdir()}

    assert {f"{part.name}.html", f"{part.name}.css", "examples.yml"} - files == set()


@pytest.mark.parametrize("part", PARTS, ids=lambda path: path.name)
def test_a_part_begins_with_its_signature_and_escapes(part: Path) -> None:
    text = (part / f"{part.name}.html").read_text("utf-8")

    assert text.startswith("{#")
    assert text.count("{% macro ") == 1
    assert "{% autoescape true %}" in text or "{{" not in text


@pytest.mark.parametrize(("part", "example"), EXAMPLES, ids=lambda value: getattr(value, "name", None))
def test_an_example_gives_all_that_its_part_prints(part: Part, example: Example) -> None:
    assert "{{" not in printed(part.template, part.macro, **example.given)


@pytest.mark.parametrize("part", parts([OVERRIDES]), ids=lambda part: part.name)
def test_the_first_example_of_a_part_shows_something(part: Part) -> None:
    assert printed(part.template, part.macro, **part.examples[0].given).strip() != ""


def test_the_field_table_is_a_table_with_row_headings_and_a_caption() -> None:
    tree = rendered(
        "field_table",
        "field_table",
        rows=[
            Row("created", "生成日期", "2018年7月26日", "2018-07-26"),
            Row("published", "发布日期", "2018-07-27", "2018-07-27"),
            Row("index", NASTY, NASTY),
        ],
    )

    assert [th.attributes["scope"] for th in tree.css("table[data-record] tr[data-field] > th")] == ["row"] * 3
    assert first(tree, "caption").text() == "公开信息要素"
    assert first(tree, "tr[data-field=created] time").attributes["datetime"] == "2018-07-26"
    assert first(tree, "tr[data-field=published] time").html == "<time>2018-07-27</time>"
    assert first(tree, "tr[data-field=index] td").text() == NASTY
    assert tree.css("b") == []


def test_rows_escape_and_carry_the_index_number() -> None:
    tree = rendered(
        "rows",
        "document_rows",
        root="..",
        documents=[row(), row(mark="", description="")],
        caption=NASTY,
        has_abstracts=True,
    )

    assert [node.attributes["data-row"] for node in tree.css("tr[data-row]")] == [NASTY, NASTY]
    assert tree.css("b") == []
    assert len(tree.css(".gk-mark")) == 1
    assert [node.text() for node in tree.css("th > span:not(.gk-mark)")] == [NASTY]


def test_rows_without_abstracts_say_the_rest() -> None:
    tree = rendered(
        "rows",
        "document_rows",
        root="..",
        documents=[row(date="2018-07-26", description="摘要")],
        caption="",
        has_abstracts=False,
    )

    assert "摘要" not in first(tree, "table").text()
    assert first(tree, "tr[data-row] time").html == "<time>2018-07-26</time>"
    assert [node.text() for node in tree.css("tr[data-row] > *")][1:] == ["2018-07-26", NASTY, NASTY]


def test_no_rows_say_so_in_words() -> None:
    assert (
        first(rendered("rows", "document_rows", root="..", documents=[], caption="", has_abstracts=True), "p").text()
        == "这里暂时没有公开的文件。"
    )


def test_an_attachment_names_kind_and_size_in_its_link() -> None:
    tree = rendered(
        "attachments", "attachment_list", root="..", attachments=[AttachmentLink("a/b.pdf", NASTY, "PDF", "3 KB")]
    )

    assert first(tree, "a").text() == f"{NASTY}（PDF，3 KB）"
    assert first(tree, "section").attributes["aria-labelledby"] == first(tree, "h2").attributes["id"]


def test_no_attachments_print_nothing() -> None:
    assert rendered("attachments", "attachment_list", root="..", attachments=[]).css("section") == []


def test_breadcrumbs_end_with_the_page_itself() -> None:
    tree = rendered("breadcrumbs", "breadcrumbs", root="..", crumbs=[Crumb("", "首页")], here=NASTY)

    assert [node.text() for node in tree.css("li")] == ["首页", NASTY]
    assert first(tree, "li[aria-current=page]").text() == NASTY


def test_a_full_page_links_only_to_what_never_moves() -> None:
    leaf = Leaf("a/page/2/", "a/", 2, (), is_front=False, newer="a/page/3/", older="a/page/1/")

    tree = rendered("pager", "pager", root="..", leaf=leaf)
    assert [node.attributes["href"] for node in tree.css("a")] == [
        "../a/",
        "../a/page/3/",
        "../a/page/1/",
        "../a/page/1/",
    ]


def test_a_listing_of_one_page_has_no_pager() -> None:
    leaf = Leaf("a/", "a/", 1, (), is_front=True, newer="", older="")

    assert rendered("pager", "pager", root="..", leaf=leaf).css("nav") == []


def test_groups_name_their_number_of_documents() -> None:
    tree = rendered("groups", "group_list", root="..", groups=[Group("years/2018/", NASTY, 3)], label="年份")

    assert first(tree, ".gk-groups__count").text() == "3 件"
    assert tree.css("b") == []


def test_the_header_marks_where_the_reader_is(site: Site) -> None:
    tree = rendered(
        "header", "site_header", root="..", organisation=NASTY, columns=site.columns, here="plans", has_search=True
    )

    assert [node.text() for node in tree.css("nav a[aria-current]")] == ["工作计划"]
    assert first(tree, "form[role=search] label").attributes["for"] == first(tree, "input[name=q]").attributes["id"]
    assert first(tree, "header b").text() == NASTY


def test_the_footer_names_what_the_norm_wants(site: Site) -> None:
    text = first(rendered("footer", "site_footer", root="..", site=site, has_handbook=False), "footer").text()

    assert [
        word
        for word in ("主办单位", "网站标识码", "0000000001", "ICP备", "公网安备", "联系方式", "网站地图")
        if word not in text
    ] == []
    assert "手册" not in text


def test_text_size_buttons_are_real_buttons_that_wait_for_their_script() -> None:
    tree = rendered("text_size", "text_size")

    assert "hidden" in first(tree, "[role=group][aria-label]").attributes
    assert [(b.text(), b.attributes["data-text-size"]) for b in tree.css("button")] == [
        ("大", "large"),
        ("中", "medium"),
        ("小", "small"),
    ]


def test_a_notice_leads_to_the_successor_and_escapes_its_title() -> None:
    related = [
        Related("a/2", is_successor=True, title=NASTY, address="notices/new/"),
        Related("a/0", is_successor=False),
    ]

    tree = rendered("notice", "document_notice", root="..", notice=NASTY, how_to_apply="", related=related)
    assert [node.text().strip() for node in tree.css(".gk-notice p")] == [
        NASTY,
        f"本文件已由{NASTY}（a/2）取代。",
        "本文件取代：a/0",
    ]
    assert [node.attributes["href"] for node in tree.css("a")] == ["../notices/new/"]
    assert first(tree, ".gk-notice").attributes["role"] == "note"


def test_nothing_to_know_prints_no_notice() -> None:
    tree = rendered("notice", "document_notice", root="..", notice="", how_to_apply="", related=())

    assert tree.css(".gk-notice") == []


def test_a_history_is_a_list_of_days_with_their_commits_and_what_is_not_known() -> None:
    history = PageHistory((Event("2026-01-10", NASTY, "0123456789"), Event("2026-01-20", "撤回")), (NASTY,))

    tree = rendered("history", "page_history", history=history)
    assert [" ".join(node.text().split()) for node in tree.css("ol > li")] == [
        f"2026-01-10 {NASTY} 版本 0123456789",
        "2026-01-20 撤回",
    ]
    assert [node.text() for node in tree.css("time")] == ["2026-01-10", "2026-01-20"]
    assert [node.text() for node in tree.css("section > p")] == [NASTY]
