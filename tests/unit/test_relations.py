from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.catalogue.order import Related, decided, public_documents, relations
from gongkai.checks.fields import check_life_cycle
from gongkai.checks.rules import CODES
from gongkai.records.findings import Finding
from gongkai.records.reading import Document
from tests.writing import NOW, ZONE, document_of, whole

OLD, NEW, OTHER = "SLKJ00012/2020-00001", "SLKJ00012/2025-00001", "SLKJ00012/2025-00002"
Fields = Mapping[str, str | None]


def old(**fields: str | None) -> Document:
    return document_of({"标题": "旧办法", "信息索取号": OLD, **fields}, path="notices/old.md")


def new(**fields: str | None) -> Document:
    return document_of({"标题": "新办法", "信息索取号": NEW, **fields}, path="notices/new.md")


def related(*documents: Document) -> Mapping[str, tuple[Related, ...]]:
    return relations(public_documents(decided(documents, NOW)))


def findings(*documents: Document, now: datetime = NOW) -> list[Finding]:
    return list(check_life_cycle(whole(*documents, now=now)))


def codes(*documents: Document, now: datetime = NOW) -> list[tuple[str, str, str]]:
    return [(found.path, found.field, found.code) for found in findings(*documents, now=now)]


# What the pages say


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({}, {"取代": OLD}),
        ({"被取代": NEW}, {}),
        ({"被取代": NEW}, {"取代": OLD}),
        ({}, {"取代": f"[{OLD}, {OLD}]"}),
        ({}, {"取代": OLD.lower()}),
        ({"被取代": "ｓｌｋｊ０００１２/2025-00001"}, {}),
    ],
    ids=["the newer says so", "the older says so", "both say so", "twice", "small letters", "full-width"],
)
def test_a_relation_is_seen_from_both_sides_whoever_says_so(older: Fields, newer: Fields) -> None:
    assert related(old(**older), new(**newer)) == {
        "notices/old.md": (Related(NEW, True, "新办法", "notices/new/"),),
        "notices/new.md": (Related(OLD, False, "旧办法", "notices/old/"),),
    }


def test_documents_that_name_none_have_no_relations() -> None:
    assert related(old(), new()) == {}
    assert related() == {}


def test_a_number_that_nobody_has_is_told_without_title_and_address() -> None:
    assert related(new(取代="旧字1号")) == {"notices/new.md": (Related("旧字1号", False),)}


def test_a_document_is_not_related_to_itself() -> None:
    assert related(new(取代=NEW.lower(), 被取代=NEW)) == {}


def test_successors_come_first_and_each_kind_in_the_order_of_numbers() -> None:
    third = document_of({"标题": "再新办法", "信息索取号": OTHER}, path="notices/third.md")
    found = related(new(取代="[乙号, SLKJ00012/2019-00009, 甲号]", 被取代=OTHER), third)

    numbers = [(one.number, one.is_successor) for one in found["notices/new.md"]]
    assert numbers == [(OTHER, True), ("SLKJ00012/2019-00009", False), ("乙号", False), ("甲号", False)]


def test_one_document_may_have_several_predecessors() -> None:
    found = related(old(), new(取代=f"{OLD}、{OTHER}"), document_of({"信息索取号": OTHER}, path="notices/other.md"))

    assert sorted(found) == ["notices/new.md", "notices/old.md", "notices/other.md"]
    assert [one.number for one in found["notices/new.md"]] == [OLD, OTHER]


@pytest.mark.parametrize(
    "hidden",
    [{"公开方式": "不予公开"}, {"时效": "草稿"}, {"发布时间": "2026-02-01 09:00:00"}],
    ids=["withheld", "draft", "embargoed"],
)
def test_a_hidden_document_is_in_no_relation(hidden: Fields) -> None:
    assert related(old(被取代=NEW), new(取代=OLD, **hidden)) == {}
    assert related(old(**hidden), new(取代=OLD)) == {}


def test_a_withdrawn_document_is_still_related() -> None:
    found = related(old(被取代=NEW), new(撤回="{date: 2026-01-20, reason: 数据有误}"))

    assert found["notices/old.md"] == (Related(NEW, True, "新办法", "notices/new/"),)
    assert found["notices/new.md"] == (Related(OLD, False, "旧办法", "notices/old/"),)


NUMBERS = [f"SLKJ00012/2025-{serial:05}" for serial in range(1, 6)]
CLAIMS = st.lists(st.tuples(st.sampled_from(range(5)), st.sampled_from(range(5)), st.booleans()), max_size=8)


@given(CLAIMS)
def test_each_relation_has_its_other_side_in_whatever_order_documents_come(claims: list[tuple[int, int, bool]]) -> None:
    documents = [claiming(place, claims) for place in range(5)]

    found = related(*documents)

    pairs = {(path, one.address, one.is_successor) for path, all_of_it in found.items() for one in all_of_it}
    assert pairs == {(f"{there[:-1]}.md", f"{here[:-3]}/", not leads_on) for here, there, leads_on in pairs}
    assert related(*reversed(documents)) == found


def claiming(place: int, claims: list[tuple[int, int, bool]]) -> Document:
    """The document of that place with what `claims` (who, whom, whether it replaces it) say of it."""
    replaces = [NUMBERS[other] for own, other, is_newer in claims if own == place and is_newer]
    replaced_by = [NUMBERS[other] for own, other, is_newer in claims if own == place and not is_newer]
    fields = {"取代": "、".join(replaces) or None, "被取代": replaced_by[0] if replaced_by else None}
    return document_of({"信息索取号": NUMBERS[place], **fields}, path=f"notices/{place}.md")


# What a clerk is told


def test_a_relation_that_both_sides_tell_is_right() -> None:
    assert findings(old(被取代=NEW), new(取代=OLD)) == []
    assert findings(old(被取代=NEW.lower()), new(取代=f"[{OLD}, {OLD}]")) == []


def test_a_relation_that_one_side_tells_is_to_be_told_by_the_other() -> None:
    assert findings(old(), new(取代=OLD)) == [
        Finding(
            "notices/new.md",
            "replaces",
            "replaces-one-way",
            f"notices/old.md 里没有相应的“被取代: {NEW}”。页面两边都会写明，请在那里补上",
        )
    ]
    assert [found.message for found in findings(old(被取代=NEW), new())] == [
        f"notices/new.md 里没有相应的“取代: {OLD}”。页面两边都会写明，请在那里补上"
    ]


def test_a_number_that_nobody_has_is_told() -> None:
    assert codes(new(取代="旧字1号", 被取代="新字1号")) == [
        ("notices/new.md", "replaces", "replaces-unknown"),
        ("notices/new.md", "replaced_by", "replaces-unknown"),
    ]


@pytest.mark.parametrize(
    ("older", "newer", "told"),
    [
        ({"取代": NEW}, {"取代": OLD}, [("notices/old.md", "replaces"), ("notices/new.md", "replaces")]),
        ({"被取代": NEW}, {"被取代": OLD}, [("notices/old.md", "replaced_by"), ("notices/new.md", "replaced_by")]),
        ({}, {"取代": NEW}, [("notices/new.md", "replaces")]),
        ({}, {"被取代": NEW.lower()}, [("notices/new.md", "replaced_by")]),
    ],
    ids=["both replace", "both are replaced", "replaces itself", "is replaced by itself"],
)
def test_documents_that_replace_each_other_or_themselves_are_refused(
    older: Fields, newer: Fields, told: list[tuple[str, str]]
) -> None:
    found = findings(old(**older), new(**newer))

    assert [(one.path, one.field) for one in found] == told
    assert {(one.code, CODES[one.code].severity) for one in found} == {("replaces-circular", "error")}


def test_a_document_that_replaces_its_own_successor_is_refused() -> None:
    assert ("notices/new.md", "replaces", "replaces-circular") in codes(old(), new(取代=OLD, 被取代=OLD))


def test_three_documents_in_a_ring_are_refused() -> None:
    third = document_of({"信息索取号": OTHER, "取代": NEW}, path="notices/third.md")

    assert "replaces-circular" in {code for _, _, code in codes(old(取代=OTHER), new(取代=OLD), third)}


def test_a_public_document_that_names_a_hidden_one_is_told() -> None:
    hidden = new(公开方式="不予公开", 取代=OLD)

    assert codes(old(被取代=NEW), hidden) == [("notices/old.md", "replaced_by", "replaces-hidden")]


def test_hidden_documents_may_name_each_other() -> None:
    assert findings(old(公开方式="不予公开", 被取代=NEW), new(公开方式="不予公开", 取代=OLD)) == []


# A clause of validity against the record

FIVE_YEARS = "本办法自印发之日起施行，有效期5年。"


def holding(body: str = FIVE_YEARS, /, **fields: str | None) -> Document:
    dates = {"生成日期": "2021-01-31", "发布时间": "2021-02-01 09:00:00"}
    return document_of({**dates, **fields}, body, "notices/a.md")


def test_a_document_holds_to_the_end_of_its_last_day_in_shanghai() -> None:
    midnight = datetime(2026, 1, 31, tzinfo=ZONE)

    assert codes(holding(), now=midnight.replace(day=30, hour=23, minute=59)) == []
    assert codes(holding(), now=midnight) == [("notices/a.md", "status", "validity-clause")]


def test_an_expired_clause_is_told_in_words_at_its_line() -> None:
    found = findings(holding())

    assert [(one.line, CODES[one.code].severity) for one in found] == [(12, "warning")]
    assert found[0].message == (
        "正文写明“本办法自印发之日起施行,有效期5年”，算到 2026-01-30 为止，已经过了，时效却是“有效”。"
        "请核对后改成失效，或说明已延期"
    )


def test_an_amended_document_may_be_past_its_clause_as_well() -> None:
    assert [one.message.count("时效却是“已修改”") for one in findings(holding(时效="已修改"))] == [1]


@pytest.mark.parametrize("state", ["失效", "废止", "{状态: 失效, 日期: 2026-01-31}"])
def test_a_document_that_is_said_to_be_over_is_right_after_its_clause(state: str) -> None:
    assert findings(holding(时效=state)) == []


def test_a_document_that_is_said_to_be_over_before_its_clause_ends_is_told() -> None:
    found = findings(holding("本办法有效期至2027年12月31日。", 时效="失效"))

    assert [one.message for one in found] == [
        "正文写明“本办法有效期至2027年12月31日”，算到 2027-12-31 为止，还没有到，时效却是“失效”。请核对"
    ]


@pytest.mark.parametrize("state", ["有效", "废止", "{状态: 失效, 日期: 2027-12-31}"])
def test_a_document_before_the_end_of_its_clause_may_hold_or_be_repealed(state: str) -> None:
    assert findings(holding("本办法有效期至2027年12月31日。", 时效=state)) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"公开方式": "不予公开"},
        {"公开方式": "依申请公开", "公开范围": "面向申请人"},
        {"撤回": "{date: 2025-01-01, reason: 数据有误}"},
        {"时效": "草稿"},
    ],
    ids=str,
)
def test_a_body_that_nobody_sees_is_not_judged(fields: dict[str, str | None]) -> None:
    assert findings(holding(**fields)) == []


def test_many_documents_are_judged_each_once() -> None:
    many = [
        document_of({"信息索取号": f"SLKJ00012/2025-{n:05}", "取代": f"旧字{n}号"}, path=f"notices/{n}.md")
        for n in range(1, 201)
    ]

    assert len(findings(*many)) == 200
    assert len(related(*many)) == 200
