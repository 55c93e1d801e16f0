"""What stands in the pages of a built site, read as a browser without JavaScript would."""

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.site.conftest import Publish
from tests.writing import markdown

NASTY = "<script>alert('甲')</script>&\"乙\""


def page(site: Path, address: str) -> LexborHTMLParser:
    return LexborHTMLParser((site / address / "index.html").read_text("utf-8"))


def texts(tree: LexborHTMLParser, selector: str) -> list[str]:
    return [node.text(strip=True) for node in tree.css(selector)]


def links(tree: LexborHTMLParser, selector: str) -> list[str]:
    return [node.attributes["href"] or "" for node in tree.css(selector)]


@pytest.fixture
def document_page(publish: Publish) -> LexborHTMLParser:
    site = publish(
        {
            "summaries/2024.md": markdown("## 一、主要成效\n\n正文第一段。", 附件="[表.xlsx]", 责任部门="办公室"),
            "summaries/表.xlsx": b"x" * 2048,
        }
    )
    return page(site, "summaries/2024")


def test_a_document_shows_title_time_source_fields_and_body(document_page: LexborHTMLParser) -> None:
    assert texts(document_page, "h1") == ["示例市科学技术局2024年工作总结"]
    assert texts(document_page, ".gk-document__origin time") == ["2025-01-15 09:30:00"]
    assert "来源：本局" in texts(document_page, ".gk-document__origin span")
    assert [row.attributes["data-field"] for row in document_page.css("table[data-record] tr[data-field]")] == [
        "category",
        "document_number",
        "disclosure",
        "created",
        "term",
        "audience",
        "index",
        "department",
    ]
    assert texts(document_page, "tr[data-field=index] td") == ["SLKJ00012/2025-00001"]
    assert texts(document_page, "tr[data-field=document_number] td") == [""]
    assert texts(document_page, "[data-document-body] h2") == ["一、主要成效"]


def test_an_attachment_names_its_kind_and_size(document_page: LexborHTMLParser) -> None:
    assert texts(document_page, "a[data-attachment]") == ["表.xlsx（XLSX，2 KB）"]


def test_breadcrumbs_lead_home_by_the_column(document_page: LexborHTMLParser) -> None:
    assert texts(document_page, ".gk-breadcrumbs li") == ["首页", "工作总结", "示例市科学技术局2024年工作总结"]
    assert links(document_page, ".gk-breadcrumbs a") == ["../../", "../../summaries/"]


def test_the_page_says_its_language_and_its_meta_tags(document_page: LexborHTMLParser) -> None:
    tags = {node.attributes.get("name"): node.attributes.get("content") for node in document_page.css("meta[name]")}

    assert document_page.css("html")[0].attributes["lang"] == "zh-CN"
    assert tags["ArticleTitle"] == "示例市科学技术局2024年工作总结"
    assert tags["PubDate"] == "2025-01-15 09:30"
    assert tags["SiteIDCode"] == "0000000001"
    assert all(tags.values())


def test_nothing_a_clerk_writes_in_a_field_becomes_markup(publish: Publish) -> None:
    fields = {
        key: f"'{NASTY.replace(chr(39), chr(39) * 2)}'" for key in ("标题", "来源", "责任部门", "内容概述", "信息类别")
    }
    site = publish({"summaries/2024.md": markdown(**fields), "notices/2024.md": markdown(信息索取号="a/b", **fields)})

    pages = [path.read_text("utf-8") for path in site.rglob("*.html")]
    assert len(pages) > 15
    assert [text for text in pages if "<script>alert" in text] == []
    assert texts(page(site, "summaries/2024"), "h1") == [NASTY]


def test_no_page_asks_another_host_for_anything(publish: Publish) -> None:
    site = publish({"summaries/2024.md": markdown()})

    trees = [LexborHTMLParser(path.read_text("utf-8")) for path in site.rglob("*.html")]
    asked = [
        node.attributes.get("src") or node.attributes.get("href") or ""
        for tree in trees
        for node in tree.css("script[src], link[rel=stylesheet], link[rel=icon], link[rel=preconnect], img[src]")
    ]
    assert [address for address in asked if "//" in address] == []
    assert len(asked) > 30


def test_every_link_of_every_page_leads_to_a_file(publish: Publish) -> None:
    site = publish({f"notices/{n}.md": markdown(信息索取号=f"a/{n}", 责任部门="办公室") for n in range(55)})

    broken = [
        f"{path.relative_to(site)} -> {href}"
        for path in site.rglob("index.html")
        for href in links(LexborHTMLParser(path.read_text("utf-8")), "a[href], link[href]")
        if href.startswith((".", "..")) and not target(path, href.split("?")[0]).is_file()
    ]
    assert broken == []


def target(path: Path, href: str) -> Path:
    found = path.parent / href
    return found / "index.html" if href.endswith("/") or found.is_dir() else found


def test_the_home_page_shows_latest_columns_years_and_search(publish: Publish) -> None:
    home = page(
        publish(
            {"summaries/2024.md": markdown(), "notices/1.md": markdown(信息索取号="a/1", 发布时间="2023-01-02 09:00")}
        ),
        "",
    )

    assert [node.attributes["data-row"] for node in home.css("[data-row]")] == ["SLKJ00012/2025-00001", "a/1"]
    assert texts(home, "section[aria-labelledby=gk-by-year] .gk-groups__name") == ["2025年", "2023年"]
    assert len(home.css("section[aria-labelledby=gk-by-column] a")) == 6
    assert home.css("form[role=search] input[name=q]")


@pytest.mark.parametrize("address", ["years/2025", "summaries", "departments/office", "catalogue"])
def test_a_list_page_carries_the_site_and_column_tags(publish: Publish, address: str) -> None:
    listing = page(publish({"summaries/2024.md": markdown()}), address)

    tags = {node.attributes.get("name"): node.attributes.get("content") for node in listing.css("meta[name]")}
    wanted = ("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
    assert [name for name in wanted if not tags.get(name)] == []


@pytest.mark.parametrize("address", ["years/2025", "summaries", "departments/office", "catalogue"])
def test_a_listing_is_a_real_table_with_a_row_for_the_document(publish: Publish, address: str) -> None:
    listing = page(publish({"summaries/2024.md": markdown(责任部门="办公室")}), address)

    assert texts(listing, "table caption") != []
    assert texts(listing, "table thead th[scope=col]") == ["标题", "发布日期", "信息索取号", "责任部门"]
    assert [node.attributes["data-row"] for node in listing.css("tbody tr[data-row]")] == ["SLKJ00012/2025-00001"]
    assert links(listing, "tbody th[scope=row] a")[0].endswith("summaries/2024/")


def test_listings_are_paged_by_fifty_newest_first(publish: Publish) -> None:
    site = publish(
        {
            f"notices/{n}.md": markdown(信息索取号=f"a/{n:03}", 发布时间=f"2025-01-15 09:{n // 60:02}:{n % 60:02}")
            for n in range(120)
        }
    )

    numbers = [
        [row.attributes["data-row"] for row in page(site, f"notices{leaf}").css("[data-row]")]
        for leaf in ("", "/page/2", "/page/1")
    ]
    assert numbers[0] == [f"a/{n:03}" for n in range(119, 99, -1)]
    assert numbers[1] == [f"a/{n:03}" for n in range(99, 49, -1)]
    assert numbers[2] == [f"a/{n:03}" for n in range(49, -1, -1)]


def test_an_empty_site_still_has_all_its_pages(publish: Publish) -> None:
    site = publish({})

    assert "这里暂时没有公开的文件。" in (site / "catalogue/index.html").read_text("utf-8")
    assert "这里暂时没有公开的文件。" in (site / "years/index.html").read_text("utf-8")
    assert (site / "data/catalogue.json").is_file()


def test_the_missing_page_offers_search_from_any_depth(publish: Publish) -> None:
    tree = LexborHTMLParser((publish({}) / "404.html").read_text("utf-8"))

    assert tree.css("form[role=search] input[name=q]")
    assert [node.attributes["action"] for node in tree.css("main form")] == ["/search/"]
    assert all(link.startswith("/") for link in links(tree, "main a"))


def test_a_document_on_request_shows_its_fields_and_how_to_apply(publish: Publish) -> None:
    site = publish(
        {
            "notices/1.md": markdown("秘密正文", 公开方式="依申请公开", 公开范围="面向申请人", 附件="[a.docx]"),
            "notices/a.docx": "秘密附件",
        }
    )

    found = page(site, "notices/1")
    assert len(found.css("tr[data-field]")) == 8
    assert "提出政府信息公开申请" in texts(found, ".gk-notice")[0]
    assert b"\xe7\xa7\x98\xe5\xaf\x86" not in b"".join(path.read_bytes() for path in site.rglob("*") if path.is_file())
