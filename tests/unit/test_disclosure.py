from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.records.disclosure import Decision, Extent, decide, public_part, turning_points
from gongkai.records.record import Record
from gongkai.records.values import AUDIENCES, PUBLIC_AUDIENCES, Disclosure, Status
from tests.writing import NOW, ZONE, document, document_of

LEVELS = [Extent.NOTHING, Extent.TOMBSTONE, Extent.ROW, Extent.FULL]


def decision(**fields: str | None) -> Decision:
    return decide(document_of(fields).record, NOW)


def extent(**fields: str | None) -> Extent:
    return decision(**fields).extent


def level(fields: Mapping[str, str | None], now: datetime) -> int:
    return LEVELS.index(decide(document_of(fields).record, now).extent)


def test_what_is_disclosed_to_the_whole_public_shows_its_body() -> None:
    assert extent() is Extent.FULL


def test_what_is_disclosed_on_request_shows_that_it_exists_and_may_be_asked_for() -> None:
    asked = decision(公开方式="依申请公开", 公开范围="面向申请人")

    assert (asked.extent, asked.is_on_request) == (Extent.ROW, True)


@pytest.mark.parametrize(
    "fields",
    [
        {"公开方式": "不予公开"},
        {"公开范围": "面向本机关"},
        {"公开范围": "面向全体职工"},
        {"公开范围": "面向申请人"},
        {"公开方式": "依申请公开", "公开范围": "面向本机关"},
        {"时效": "草稿"},
        {"时效": "{状态: 草稿, 日期: 2027-01-01}"},
        {"发布时间": "2026-01-31 09:00:01"},
        {"公开时限": "限时公开至2025-01-14"},
        {"撤回": "{date: 2025-01-14, reason: 没有公开就撤回}"},
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
    withdrawn = decision(撤回="{date: 2026-01-20, reason: 数据有误}")

    assert withdrawn.extent is Extent.TOMBSTONE
    assert withdrawn.reason == "本文件已于2026-01-20撤回：数据有误。"


def test_a_withdrawal_begins_with_its_day_in_shanghai() -> None:
    record = document(撤回="{date: 2026-03-01, reason: 数据有误}").record
    midnight = datetime(2026, 3, 1, tzinfo=ZONE)

    assert decide(record, midnight - timedelta(seconds=1)).extent is Extent.FULL
    assert decide(record, midnight).extent is Extent.TOMBSTONE


def test_a_withdrawn_secret_leaves_nothing() -> None:
    assert extent(公开方式="不予公开", 撤回="{date: 2026-01-20, reason: 误传}") is Extent.NOTHING


def test_a_repeal_holds_from_its_day_on() -> None:
    record = document(时效="{状态: 废止, 日期: 2026-03-01, 原因: 已由新办法代替}").record
    midnight = datetime(2026, 3, 1, tzinfo=ZONE)
    before, after = decide(record, midnight - timedelta(seconds=1)), decide(record, midnight)

    assert (before.validity, before.mark) == (Status.IN_FORCE, "")
    assert (after.extent, after.validity, after.mark) == (Extent.FULL, Status.REPEALED, "已废止")


def test_what_is_to_come_is_not_told_before_its_day() -> None:
    record = document(
        时效="{状态: 废止, 日期: 2026-03-01, 原因: 将来的原因}",
        撤回="{date: 2026-04-01, reason: 将来的撤回}",
        更正="[{date: 2026-01-20, note: 已经更正}, {date: 2026-02-20, note: 将来的更正}]",
        审核="保密审查岗",
    ).record

    told = repr(public_part(record, decide(record, NOW)))
    assert "已经更正" in told
    assert [word for word in ("将来的", "保密审查岗") if word in told] == []


@pytest.mark.parametrize(
    "fields",
    [
        {"公开方式": "依申请公开", "公开范围": "面向申请人"},
        {"公开时限": "限时公开至2025-06-30"},
        {"撤回": "{date: 2026-01-20, reason: 数据有误}"},
    ],
    ids=str,
)
def test_what_tells_of_a_body_goes_with_it(fields: dict[str, str]) -> None:
    told = {
        "内容概述": "秘密一",
        "关键词": "秘密二",
        "附件": "{file: 秘密三.docx, title: 秘密四}",
        "更正": "[{date: 2026-01-20, note: 秘密五}]",
    }
    record = document_of({**told, **fields}).record

    assert "秘密" not in repr(public_part(record, decide(record, NOW)))


def test_nothing_has_no_public_part() -> None:
    record = document(公开方式="不予公开").record

    with pytest.raises(ValueError, match="nothing of this document is public"):
        public_part(record, decide(record, NOW))


# Any record, any instant

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
MOMENTS = st.builds(
    lambda day, hour: datetime.combine(day, time(hour), ZONE), DAYS, st.integers(min_value=0, max_value=23)
)
NARROWER = {"公开方式": [str(way) for way in Disclosure], "公开范围": [*AUDIENCES, "面向某些人", "内部"]}


def fields() -> st.SearchStrategy[dict[str, str | None]]:
    terms = st.one_of(st.just("常年公开"), DAYS.map(lambda day: f"限时公开至{day}"))
    states = st.sampled_from(list(Status))
    validity = st.one_of(
        states, st.builds(lambda state, day: f"{{状态: {state}, 日期: {day}, 原因: 某}}", states, DAYS)
    )
    return st.fixed_dictionaries(
        {
            "公开方式": st.sampled_from(NARROWER["公开方式"]),
            "公开范围": st.sampled_from(NARROWER["公开范围"]),
            "公开时限": terms,
            "发布时间": MOMENTS.map(lambda moment: f"{moment:%Y-%m-%d %H:%M:%S}"),
            "时效": st.one_of(st.none(), validity),
            "撤回": st.one_of(st.none(), DAYS.map(lambda day: f"{{date: {day}, reason: 某}}")),
            "更正": st.one_of(st.none(), DAYS.map(lambda day: f"[{{date: {day}, note: 某}}]")),
        }
    )


@given(fields(), MOMENTS)
def test_a_draft_a_withheld_or_an_unknown_audience_shows_nothing(given: dict[str, str | None], now: datetime) -> None:
    assert level({**given, "公开方式": "不予公开"}, now) == 0
    assert level({**given, "公开范围": "面向某些人"}, now) == 0
    assert level({**given, "公开范围": "面向本机关"}, now) == 0
    assert level({**given, "时效": "草稿"}, now) == 0


@given(fields(), MOMENTS, st.sampled_from(PUBLIC_AUDIENCES))
def test_a_narrower_way_of_disclosure_never_shows_more(
    given: dict[str, str | None], now: datetime, audience: str
) -> None:
    levels = [level({**given, "公开范围": audience, "公开方式": str(way)}, now) for way in Disclosure]

    assert levels == sorted(levels, reverse=True)


@given(fields(), MOMENTS, st.integers(min_value=1, max_value=500))
def test_a_later_publication_never_shows_more(given: dict[str, str | None], now: datetime, days: int) -> None:
    published = datetime.strptime(given["发布时间"] or "", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - as written
    later = f"{published + timedelta(days=days):%Y-%m-%d %H:%M:%S}"

    assert level({**given, "发布时间": later}, now) <= level(given, now)


@given(fields(), MOMENTS, DAYS)
def test_a_limit_or_a_withdrawal_never_shows_more(given: dict[str, str | None], now: datetime, day: date) -> None:
    shown = level({**given, "公开时限": "常年公开", "撤回": None}, now)

    assert level({**given, "公开时限": f"限时公开至{day}", "撤回": None}, now) <= shown
    assert level({**given, "公开时限": "常年公开", "撤回": f"{{date: {day}, reason: 某}}"}, now) <= shown


@given(fields(), st.lists(MOMENTS, min_size=2, max_size=6))
def test_nothing_changes_but_at_a_turning_point(given: dict[str, str | None], moments: list[datetime]) -> None:
    record = document_of(given).record
    points = set(turning_points(record))
    changes = [
        (before, after)
        for before, after in pairwise(sorted(moments))
        if decide(record, before) != decide(record, after)
    ]

    assert [pair for pair in changes if not any(pair[0] < point <= pair[1] for point in points)] == []


@given(fields(), st.lists(MOMENTS, min_size=2, max_size=6))
def test_what_was_public_never_vanishes_by_time_alone(given: dict[str, str | None], moments: list[datetime]) -> None:
    record = document_of(given).record
    extents = [decide(record, moment).extent for moment in sorted(moments)]
    first = next((place for place, one in enumerate(extents) if one is not Extent.NOTHING), len(extents))

    assert Extent.NOTHING not in extents[first:]


@given(fields(), MOMENTS)
def test_only_a_full_decision_lets_a_body_s_words_out(given: dict[str, str | None], now: datetime) -> None:
    record = document_of({**given, "内容概述": "甲", "关键词": "乙", "附件": "[丙.docx]"}).record
    part = shown_part(record, now)

    assert not part or bool(part.description) is (decide(record, now).extent is Extent.FULL)
    assert not part or (bool(part.attachments), bool(part.keywords)) == (bool(part.description),) * 2


@given(fields(), MOMENTS)
def test_a_full_page_is_for_the_whole_public_only(given: dict[str, str | None], now: datetime) -> None:
    record = document_of(given).record
    is_full = decide(record, now).extent is Extent.FULL

    assert not is_full or (
        record.disclosure is Disclosure.PROACTIVE and record.audience in PUBLIC_AUDIENCES and record.published <= now
    )


def shown_part(record: Record, now: datetime) -> Record | None:
    found = decide(record, now)
    return None if found.extent is Extent.NOTHING else public_part(record, found)
