from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongkai.catalogue.listings import ROWS, leaves
from gongkai.catalogue.order import PublicDocument, newest_first
from gongkai.records.disclosure import Decision, Extent
from gongkai.records.reading import Document
from tests.writing import ZONE, document

PLAIN = document().record
START = datetime(2020, 1, 1, tzinfo=ZONE)


def documents(count: int) -> tuple[PublicDocument, ...]:
    return newest_first(
        PublicDocument(
            Document(
                f"notices/{number}.md",
                f"notices/{number}/",
                PLAIN.model_copy(update={"published": START + timedelta(days=number)}),
                "",
            ),
            Decision(Extent.FULL, ""),
        )
        for number in range(count)
    )


@given(st.integers(0, 330))
def test_every_document_stands_once_among_the_numbered_pages(count: int) -> None:
    pages = leaves("notices/", documents(count))
    numbered = [page for page in pages if not page.is_front] or list(pages)

    rows = [row.url for page in reversed(numbered) for row in page.rows]
    assert rows == [row.url for row in documents(count)]


@given(st.integers(1, 200), st.integers(1, 120))
def test_a_full_page_never_changes_when_documents_are_added(before: int, added: int) -> None:
    pages = {page.address: page for page in leaves("notices/", documents(before))}
    full = {address: page for address, page in pages.items() if len(page.rows) == ROWS and not page.is_front}
    after = {page.address: page for page in leaves("notices/", documents(before + added))}

    assert {address: after[address] for address in full} == full


@given(st.integers(0, 330))
def test_the_front_page_shows_the_newest_and_at_most_fifty(count: int) -> None:
    front = leaves("notices/", documents(count))[0]

    assert front.address == "notices/"
    assert [row.url for row in front.rows] == [row.url for row in documents(count)[: len(front.rows)]]
    assert len(front.rows) <= ROWS
    assert bool(front.rows) == bool(count)


@given(st.integers(0, 330))
def test_every_link_between_pages_leads_to_a_page(count: int) -> None:
    pages = leaves("notices/", documents(count))
    addresses = {page.address for page in pages}

    assert {link for page in pages for link in (page.newer, page.older) if link} <= addresses
