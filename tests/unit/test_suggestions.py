"""What the search box offers: which titles, in how many bytes, and nothing that is not to be seen."""

import gzip
import json

import pytest

from benchmarks.corpus import papers
from gongkai.catalogue.order import decided, public_documents
from gongkai.outputs.suggestions import LIMIT, Offer, offers, suggestions
from tests.writing import NOW, document

COLUMNS = (("plans", "工作计划"), ("notices", "通知公告"))


def titles(*offered: Offer) -> list[list[object]]:
    content: dict[str, list[list[object]]] = json.loads(suggestions(offered, COLUMNS))
    return content["titles"]


def test_a_title_stands_with_its_numbers() -> None:
    assert titles(Offer("关于报送材料的通知", "a/1", "示科字〔2025〕3号"), Offer("办事指南", "a/2", "")) == [
        ["关于报送材料的通知", ["a/1", "示科字〔2025〕3号"]],
        ["办事指南", ["a/2"]],
    ]


def test_a_title_that_comes_back_every_year_stands_once_with_its_years_newest_first() -> None:
    found = titles(
        Offer("2024年总结及2025年计划", "a/3", ""),
        Offer("其他", "a/2", ""),
        Offer("2022年总结及2023年计划", "a/0", ""),
        Offer("2023年总结及2024年计划", "a/1", ""),
    )

    assert found == [[["", 0, "年总结及", 1, "年计划"], [2024, "a/3"], [2023, "a/1"], [2022, "a/0"]], ["其他", ["a/2"]]]


def test_two_documents_of_one_title_are_both_offered() -> None:
    assert titles(Offer("2024年通知", "a/2", ""), Offer("2024年通知", "a/1", "")) == [["2024年通知", ["a/2"], ["a/1"]]]


def test_a_number_longer_than_a_year_is_none() -> None:
    assert titles(Offer("第120241号", "a/2", ""), Offer("第120231号", "a/1", "")) == [
        ["第120241号", ["a/2"]],
        ["第120231号", ["a/1"]],
    ]


def test_columns_stand_in_their_order() -> None:
    assert json.loads(suggestions((), COLUMNS))["columns"] == [list(column) for column in COLUMNS]


@pytest.mark.parametrize("size", [300, 3_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_the_file_keeps_within_its_limit_and_begins_with_the_newest(size: int) -> None:
    newest_first = [Offer(paper.title, paper.index, paper.document_number) for paper in papers(size)][::-1]

    written = suggestions(newest_first, COLUMNS)

    assert len(gzip.compress(written, 9)) <= LIMIT
    held = json.loads(written)["titles"]
    assert min(size, 2_000) <= len(held) <= size
    assert newest_first[0].number in str(held[0])


def test_what_listings_do_not_show_as_in_force_is_not_offered() -> None:
    told = decided(
        (
            document(path="plans/1.md", 标题="公开的", 信息索取号="a/1", 文件编号="示科字〔2025〕3号"),
            document(
                path="plans/2.md", 标题="依申请的", 信息索取号="a/2", 公开方式="依申请公开", 公开范围="面向申请人"
            ),
            document(path="plans/3.md", 标题="不公开的", 信息索取号="a/3", 公开方式="不予公开"),
            document(path="plans/4.md", 标题="未到时间的", 信息索取号="a/4", 发布时间="2099-01-15 09:30:00"),
            document(path="plans/5.md", 标题="撤回的", 信息索取号="a/5", 撤回="{日期: 2025-02-01, 原因: 错发}"),
            document(path="plans/6.md", 标题="废止的", 信息索取号="a/6", 时效="废止"),
            document(path="plans/7.md", 标题="失效的", 信息索取号="a/7", 时效="失效"),
            document(path="plans/8.md", 标题="修改的", 信息索取号="a/8", 时效="已修改"),
        ),
        NOW,
    )
    documents = public_documents(told)

    found = offers(documents)

    assert sorted(offer.title for offer in found) == ["依申请的", "修改的", "公开的"]
    assert Offer("公开的", "a/1", "示科字〔2025〕3号") in found
