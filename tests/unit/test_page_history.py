from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.catalogue.history import History, Version
from gongkai.catalogue.order import PublicDocument, decided, public_documents
from gongkai.pages.page_history import CUT_OFF, STORED, UNNOTED, UNSAVED, Event, PageHistory, page_history
from tests.writing import NOW, ZONE, document_of

PUBLISHED = datetime(2025, 1, 15, 9, 30, tzinfo=ZONE)
KNOWN = History(head="f" * 40)
SHALLOW = History(head="f" * 40, is_shallow=True)
NO_GIT = History()
FIRST = Event("2025-01-15", "首次公开（09:30）")


def public(**fields: str | None) -> PublicDocument:
    return public_documents(decided([document_of(fields)], NOW))[0]


def version(digit: str, moment: datetime, blob: str = "0" * 40) -> Version:
    return Version(digit * 40, int(moment.timestamp()), blob)


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day} 12:00:00").replace(tzinfo=ZONE)


def events(one: PublicDocument, *versions: Version, history: History = SHALLOW) -> list[tuple[str, str, str]]:
    return [(event.day, event.words, event.commit) for event in page_history(one, versions, history).events]


def changes(*notes: tuple[str, str]) -> str:
    return "[" + ", ".join(f"{{date: {day}, note: {note}}}" for day, note in notes) + "]"


# What happened


def test_without_git_a_page_tells_what_its_record_tells() -> None:
    one = public(更正=changes(("2025-03-01", "更正一处")))

    assert page_history(one, (), NO_GIT) == PageHistory((FIRST, Event("2025-03-01", "更正一处")))


def test_the_first_publication_bears_the_last_commit_before_it() -> None:
    versions = (
        version("a", PUBLISHED - timedelta(days=3)),
        version("b", PUBLISHED),
        version("c", PUBLISHED + timedelta(seconds=1)),
    )

    assert events(public(), *versions) == [
        ("2025-01-15", "首次公开（09:30）", "b" * 10),
        ("2025-01-15", UNNOTED, "c" * 10),
    ]


def test_nothing_from_before_the_publication_is_told() -> None:
    versions = [version("a", PUBLISHED - timedelta(days=day)) for day in (9, 5, 1)]

    assert len(events(public(), *versions)) == 1


def test_a_document_older_than_its_repository_is_told_to_be_stored_then() -> None:
    found = events(public(), version("a", at("2026-01-05")), version("b", at("2026-01-09")), history=KNOWN)

    assert found == [
        ("2025-01-15", "首次公开（09:30）", ""),
        ("2026-01-05", STORED, "a" * 10),
        ("2026-01-09", UNNOTED, "b" * 10),
    ]


def test_a_shallow_clone_does_not_say_when_a_document_was_stored() -> None:
    found = page_history(public(), (version("a", at("2026-01-05")),), SHALLOW)

    assert [event.words for event in found.events] == ["首次公开（09:30）", UNNOTED]
    assert found.unknown == (CUT_OFF,)


def test_a_note_goes_with_the_first_version_of_its_day_or_later() -> None:
    one = public(更正=changes(("2025-03-01", "甲"), ("2025-05-01", "乙")))
    found = events(
        one,
        version("a", PUBLISHED),
        version("b", at("2025-02-01")),
        version("c", at("2025-03-01")),
        version("d", at("2025-05-03")),
    )

    assert found == [
        ("2025-01-15", "首次公开（09:30）", "a" * 10),
        ("2025-02-01", UNNOTED, "b" * 10),
        ("2025-03-01", "甲", "c" * 10),
        ("2025-05-01", "乙", "d" * 10),
    ]


def test_a_note_that_no_version_came_after_bears_none() -> None:
    one = public(更正=changes(("2025-03-01", "甲")))

    assert events(one, version("a", PUBLISHED), version("b", at("2025-02-01")))[-1] == ("2025-03-01", "甲", "")


def test_a_note_of_a_day_does_not_take_the_commit_of_a_later_note() -> None:
    one = public(更正=changes(("2025-03-01", "甲"), ("2025-03-01", "乙"), ("2025-06-01", "丙")))
    versions = (version("a", PUBLISHED), version("b", at("2025-03-01")), version("c", at("2025-06-01")))

    assert ("2025-06-01", "丙", "c" * 10) in events(one, *versions)


def test_a_day_is_shanghais() -> None:
    midnight = datetime(2025, 3, 1, 0, 10, tzinfo=ZONE)

    assert events(public(), version("a", PUBLISHED), version("b", midnight))[-1][0] == "2025-03-01"


def test_a_note_from_before_the_repository_stands_before_the_storing() -> None:
    one = public(更正=changes(("2025-03-01", "甲")))
    found = events(one, version("a", at("2026-01-05")), history=KNOWN)

    assert [(day, words) for day, words, _ in found] == [
        ("2025-01-15", "首次公开（09:30）"),
        ("2025-03-01", "甲"),
        ("2026-01-05", STORED),
    ]


def test_a_withdrawn_document_tells_of_its_withdrawal_and_of_nothing_between() -> None:
    one = public(更正=changes(("2025-03-01", "甲")), 撤回="{date: 2026-01-20, reason: 数据有误}")
    found = page_history(one, (version("a", PUBLISHED), version("b", at("2025-03-01"))), SHALLOW)

    assert found == PageHistory((FIRST, Event("2026-01-20", "撤回")))


@pytest.mark.parametrize(
    "fields",
    [{"公开方式": "依申请公开", "公开范围": "面向申请人"}, {"公开时限": "限时公开至2025-12-31"}],
    ids=["on request", "ended"],
)
def test_a_document_without_its_body_tells_of_its_publication_only(fields: dict[str, str | None]) -> None:
    found = page_history(public(**fields), (version("a", PUBLISHED), version("b", at("2025-03-01"))), KNOWN)

    assert found == PageHistory((FIRST,))


# What is not known


def test_a_file_whose_content_is_the_last_version_s_is_saved() -> None:
    one = public()

    assert page_history(one, (version("a", PUBLISHED, one.document.blob.hex()),), KNOWN).unknown == ()


@pytest.mark.parametrize("versions", [(), (version("a", PUBLISHED),)], ids=["none", "another"])
def test_a_file_whose_content_no_version_has_is_said_to_be_unsaved(versions: tuple[Version, ...]) -> None:
    assert page_history(public(), versions, KNOWN).unknown == (UNSAVED,)


def test_a_file_that_was_changed_back_without_saving_is_unsaved() -> None:
    one = public()
    versions = (version("a", PUBLISHED, one.document.blob.hex()), version("b", at("2025-03-01")))

    assert page_history(one, versions, KNOWN).unknown == (UNSAVED,)


def test_without_git_nothing_is_said_of_what_is_not_known() -> None:
    assert page_history(public(), (), NO_GIT).unknown == ()


# Any history

HOURS = st.one_of(st.integers(-60 * 24, 0), st.integers(1, 380 * 24))
MOMENTS = HOURS.map(lambda hours: PUBLISHED + timedelta(hours=hours))
DAYS = st.dates(PUBLISHED.date(), NOW.date())


@given(st.lists(MOMENTS, max_size=4).map(sorted), st.lists(DAYS, max_size=3), st.sampled_from([KNOWN, SHALLOW, NO_GIT]))
def test_a_history_is_in_order_and_tells_each_note_and_each_commit_once(
    moments: list[datetime], days: list[date], history: History
) -> None:
    versions = [version("0123456789"[place], moment) for place, moment in enumerate(moments)]
    one = public(更正=changes(*((day.isoformat(), f"第{place}次") for place, day in enumerate(days))) if days else None)

    found = page_history(one, versions, history).events

    assert all(before.day <= after.day for before, after in pairwise(found))
    assert sorted(event.words for event in found if event.words.startswith("第")) == sorted(
        f"第{place}次" for place in range(len(days))
    )
    later = [one.commit[:10] for one in versions if one.moment > PUBLISHED.timestamp()]
    assert {event.commit for event in found[1:] if event.commit} == set(later)
    assert len({(event.day, event.commit) for event in found[1:] if event.commit}) == len(later)
