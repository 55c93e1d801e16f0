import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.pages.body import Converter, relative
from tests.writing import document

ADDRESSES = {
    "plans/2025.md": "plans/2025/",
    "summaries/2024.md": "summaries/2024/",
    "summaries/2023/a.md": "summaries/2023/a/",
    "summaries/表 (1).xlsx": "summaries/%E8%A1%A8%20%281%29.xlsx",
}


def html(body: str, path: str = "summaries/2024.md") -> str:
    converter = Converter(["footnotes", "tables", "toc", "sane_lists"], {})
    return converter.html(body, document(body, path), ADDRESSES.get)


@pytest.mark.parametrize(
    ("written", "led"),
    [
        ("../plans/2025.md", "../../plans/2025/"),
        ("../plans/2025.md#二", "../../plans/2025/#二"),
        ("2023/a.md?x=1", "../2023/a/?x=1"),
        ("2024.md", "./"),
        ("#本页", "#本页"),
        ("<表 (1).xlsx>", "../%E8%A1%A8%20%281%29.xlsx"),
        ("missing.md", "missing.md"),
        ("/plans/2025/", "/plans/2025/"),
        ("https://a.example/2025.md", "https://a.example/2025.md"),
    ],
)
def test_a_link_from_file_to_file_leads_from_page_to_page(written: str, led: str) -> None:
    assert html(f"[见]({written})") == f'<p><a href="{led}">见</a></p>'


def test_a_picture_is_found_from_a_nested_page() -> None:
    assert 'src="../../%E8%A1%A8%20%281%29.xlsx"' in html("![图](<../表 (1).xlsx>)", "summaries/2023/a.md")


def test_one_document_leaves_nothing_to_the_next() -> None:
    converter = Converter(["footnotes", "toc"], {})
    converter.html("# 标题\n\n注[^1]\n\n[^1]: 脚注\n\n[r]: https://a.example/", document(), ADDRESSES.get)

    assert (
        converter.html("# 标题\n\n无[^1] [r]", document(), ADDRESSES.get) == '<h1 id="_1">标题</h1>\n<p>无[^1] [r]</p>'
    )


def test_a_numbered_list_keeps_its_first_number() -> None:
    assert '<ol start="3">' in html("3. 评审\n4. 公示")


@given(st.sampled_from(sorted(ADDRESSES.values())), st.sampled_from(["", "a/", "a/b/", "plans/2025/", "plans/"]))
def test_a_relative_link_followed_from_its_page_arrives(address: str, page: str) -> None:
    from urllib.parse import urljoin  # noqa: PLC0415 - the browser's own rule, asked here only

    root = "https://a.example/"
    assert urljoin(root + page, relative(address, page)) == root + address
