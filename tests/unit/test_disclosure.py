from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooks.records.disclosure import Extent, decide
from hooks.records.record import AUDIENCES, Disclosure, Status
from tests.writing import NOW, ZONE, document, document_of

LEVELS = [Extent.NOTHING, Extent.TOMBSTONE, Extent.ROW, Extent.FULL]


def extent(**fields: str | None) -> Extent:
    return decide(document_of(fields).record, NOW).extent


def test_what_is_disclosed_to_the_whole_public_shows_its_body() -> None:
    assert extent() is Extent.FULL


def test_what_is_disclosed_on_request_shows_that_it_exists() -> None:
    assert extent(公开方式="依申请公开", 公开范围="面向申请人") is Extent.ROW


@pytest.mark.parametrize(
    "fields",
    [
        {"公开方式": "不予公开"},
        {"公开范围": "面向本机关"},
        {"公开范围": "面向全体职工"},
        {"公开范围": "面向申请人"},
        {"公开方式": "依申请公开", "公开范围": "面向本机关"},
        {"时效": "草稿"},
        {"发布时间": "2026-01-31 09:00:01"},
    ],
    ids=str,
)
def test_what_is_not_public_shows_nothing(fields: dict[str, str]) -> None:
    assert extent(**fields) is Extent.NOTHING


def test_an_embargo_ends_at_its_very_second() -> None:
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=ZONE)
    record = document(发布时间="2026-03-01 09:30:00").record

    assert decide(record, moment - timedelta(seconds=1)).extent is Extent.NOTHING
    assert decide(record, moment).extent is Extent.FULL


def test_a_limited_term_ends_with_its_last_day_in_shanghai() -> None:
    record = document(公开时限="限时公开至2026-12-31").record
    midnight = datetime(2027, 1, 1, tzinfo=ZONE)

    assert decide(record, midnight - timedelta(seconds=1)).extent is Extent.FULL
    assert decide(record, midnight).extent is Extent.ROW


def test_a_withdrawn_document_leaves_a_tombstone_with_its_reason() -> None:
    decision = decide(document(撤回="{date: 2026-01-20, reason: 数据有误}").record, NOW)

    assert decision.extent is Extent.TOMBSTONE
    assert "数据有误" in decision.reason


def test_a_withdrawn_secret_leaves_nothing() -> None:
    assert extent(公开方式="不予公开", 撤回="{date: 2026-01-20, reason: 误传}") is Extent.NOTHING


@given(
    st.sampled_from([str(way) for way in Disclosure]),
    st.sampled_from([*AUDIENCES, "面向某些人"]),
    st.sampled_from([str(status) for status in Status]),
    st.sampled_from(["常年公开", "限时公开至2025-06-30", "限时公开至2026-12-31"]),
)
def test_a_narrower_field_never_shows_more(way: str, audience: str, status: str, term: str) -> None:
    shown = LEVELS.index(extent(公开方式=way, 公开范围=audience, 时效=status, 公开时限=term))

    assert LEVELS.index(extent(公开方式="不予公开", 公开范围=audience, 时效=status, 公开时限=term)) <= shown
    assert LEVELS.index(extent(公开方式=way, 公开范围="面向某些人", 时效=status, 公开时限=term)) <= shown
    assert LEVELS.index(extent(公开方式=way, 公开范围=audience, 时效="草稿", 公开时限=term)) <= shown
