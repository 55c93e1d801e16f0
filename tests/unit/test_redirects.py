from datetime import date, datetime, timedelta
from urllib.parse import unquote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from gongkai.catalogue.order import PublicDocument, decided, public_documents
from gongkai.catalogue.register import Claims, Entry, claims
from gongkai.outputs.addresses import Redirect, redirect_page, redirects
from gongkai.records.reading import address_of
from tests.writing import NOW, PLAIN, document_of

NUMBER = PLAIN["信息索取号"]
ROOT = "https://gongkai.example/site/"


def public(path: str, number: str = NUMBER, **fields: str | None) -> PublicDocument:
    found = public_documents(decided([document_of({"信息索取号": number, **fields}, path=path)], NOW))
    return found[0]


def moved(*paths: str, number: str = NUMBER) -> tuple[Entry, ...]:
    """The register's lines of a document that stood at `paths`, one after another."""
    return tuple(
        Entry(
            number=number,
            event="moved" if place else "published",
            recorded=datetime(2025, 3, 1, tzinfo=NOW.tzinfo) + timedelta(days=place),
            path=path,
            title="题",
            created=date(2025, 1, 10),
            published=NOW,
            sha256="0",
            state="公开",
            was=paths[place - 1] if place else "",
        )
        for place, path in enumerate(paths)
    )


def known(*entries: tuple[Entry, ...]) -> Claims:
    return claims(line for lines in entries for line in lines)


def leads(*documents: PublicDocument, known: Claims) -> list[tuple[str, str]]:
    return [(redirect.old, redirect.new) for redirect in redirects(documents, known)]


def page(old: str, new: str, title: str = "题") -> LexborHTMLParser:
    return LexborHTMLParser(redirect_page(Redirect(old, new, title)).data)


# Which addresses lead on


def test_an_address_that_a_document_has_left_leads_to_the_present_one() -> None:
    found = leads(public("notices/a.md"), known=known(moved("plans/a.md", "notices/a.md")))

    assert found == [("plans/a/", "notices/a/")]


def test_every_address_of_a_long_way_leads_to_the_end_of_it() -> None:
    lines = moved("plans/a.md", "notices/a.md", "notices/b.md", "notices/制度 一.md")

    assert leads(public("notices/制度 一.md"), known=known(lines)) == [
        (old, "notices/%E5%88%B6%E5%BA%A6%20%E4%B8%80/") for old in ("plans/a/", "notices/a/", "notices/b/")
    ]


def test_a_document_that_came_back_has_left_only_the_place_between() -> None:
    lines = moved("plans/a.md", "notices/a.md", "plans/a.md")

    assert leads(public("plans/a.md"), known=known(lines)) == [("notices/a/", "plans/a/")]


def test_a_move_that_is_not_registered_yet_leads_on_as_well() -> None:
    assert leads(public("notices/a.md"), known=known(moved("plans/a.md"))) == [("plans/a/", "notices/a/")]


def test_a_number_in_other_letters_is_the_same_document() -> None:
    lines = moved("plans/a.md", "notices/a.md", number=NUMBER.lower())

    assert leads(public("notices/a.md"), known=known(lines)) == [("plans/a/", "notices/a/")]


def test_an_address_where_another_document_is_now_stays_its_own() -> None:
    other = public("plans/a.md", "SLKJ00012/2025-00002")
    found = leads(public("notices/a.md"), other, known=known(moved("plans/a.md", "notices/a.md")))

    assert found == []


def test_an_address_that_differs_in_case_only_gets_no_page_over_the_present_one() -> None:
    assert leads(public("notices/a.md"), known=known(moved("notices/A.md", "notices/a.md"))) == []


def test_an_address_that_two_documents_have_left_leads_to_one() -> None:
    second = "SLKJ00012/2025-00002"
    lines = known(moved("plans/a.md", "notices/a.md"), moved("plans/A.md", "notices/b.md", number=second))

    assert len(leads(public("notices/a.md"), public("notices/b.md", second), known=lines)) == 1


def test_documents_that_stayed_and_unknown_ones_lead_nowhere() -> None:
    assert leads(public("plans/a.md"), known=known(moved("plans/a.md"))) == []
    assert leads(public("plans/a.md"), known=known(moved("b.md", "c.md", number="别的号"))) == []
    assert leads(public("plans/a.md"), known={}) == []
    assert leads(known=known(moved("plans/a.md"))) == []


def test_a_withdrawn_document_is_still_found_at_its_old_address() -> None:
    withdrawn = public("notices/a.md", 撤回="{date: 2026-01-20, reason: 数据有误}")

    assert leads(withdrawn, known=known(moved("plans/a.md"))) == [("plans/a/", "notices/a/")]


def test_an_address_of_a_folder_s_own_page_is_kept() -> None:
    assert leads(public("notices/a.md"), known=known(moved("notices/办法/index.md"))) == [
        ("notices/%E5%8A%9E%E6%B3%95/", "notices/a/")
    ]


# The page there


def test_a_page_says_where_the_document_is_and_leads_there() -> None:
    made = page("plans/a/", "notices/2025/b/", "《办法》")
    link, refresh = made.css_first("a"), made.css_first("meta[http-equiv=refresh]")

    assert link is not None
    assert refresh is not None
    assert (link.attributes["href"], link.text()) == ("../../notices/2025/b/", "《办法》")
    assert refresh.attributes["content"] == "0; url=../../notices/2025/b/"
    assert made.css_first("meta[name=robots][content=noindex]") is not None
    assert made.css_first("html[lang=zh-CN]") is not None


def test_a_page_stands_at_the_old_address_as_a_file() -> None:
    old = address_of("plans/制度 一.md")

    assert redirect_page(Redirect(old, "notices/a/", "题")).path == "plans/制度 一/index.html"


@pytest.mark.parametrize(
    "title", ["</title><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "甲 & 乙 < 丙", "{title}"]
)
def test_a_title_is_text_and_nothing_else(title: str) -> None:
    made = page("plans/a/", "notices/a/", title)
    shown = made.css_first("title")

    assert shown is not None
    assert shown.text() == title
    assert made.css("script, img") == []


def test_a_page_asks_nothing_of_another_host() -> None:
    assert b"//" not in redirect_page(Redirect("plans/a/", "notices/a/", "题")).data


NAMES = st.text(st.sampled_from("制度 一a'\"<>&%?#;:()~.-"), min_size=1, max_size=6).filter(
    lambda name: name.strip(". ") != ""
)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(lambda names: "/".join(names) + ".md")


@given(PATHS, PATHS)
def test_the_link_followed_from_the_old_address_arrives(old: str, new: str) -> None:
    here, there = address_of(old), address_of(new)

    link = page(here, there).css_first("a")

    assert link is not None
    assert urljoin(ROOT + here, link.attributes["href"] or "") == ROOT + there


@given(PATHS)
def test_the_file_lies_where_its_address_says(old: str) -> None:
    assert redirect_page(Redirect(address_of(old), "a/", "题")).path == f"{unquote(address_of(old))}index.html"
