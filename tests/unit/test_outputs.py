import csv
import hashlib
import io
import json
from html import escape
from itertools import chain
from xml.etree import ElementTree

import pytest

from gongkai.catalogue.listings import Listings, site_listings
from gongkai.catalogue.order import PublicDocument, decided, grouped, public_documents
from gongkai.outputs import OutputFile
from gongkai.outputs.addresses import (
    identifier_page,
    listing_addresses,
    sitemap_index,
    sitemap_of_pages,
    sitemap_of_year,
)
from gongkai.outputs.data import catalogue_file, year_files
from gongkai.outputs.feeds import feed
from gongkai.site import Site
from tests.writing import NOW, document

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NASTY = "\"<script>alert('甲')</script> & 乙\""


@pytest.fixture
def documents() -> tuple[PublicDocument, ...]:
    written = (
        document(标题=NASTY, 附件="[a.docx]", 关键词="科技、创新"),
        document(path="plans/2025.md", 信息索取号="SLKJ00012/2025-00002", 发布时间="2025-02-15 09:30:00"),
        document(path="plans/2023.md", 信息索取号="PZ-2023-1", 发布时间="2023-02-15 09:30:00"),
        document(path="plans/secret.md", 信息索取号="SLKJ00012/2025-00003", 公开方式="不予公开"),
        document(
            path="plans/asked.md",
            信息索取号="SLKJ00012/2025-00004",
            公开方式="依申请公开",
            公开范围="面向申请人",
            附件="[hidden.docx]",
        ),
    )
    return public_documents(decided(written, NOW))


@pytest.fixture
def browse(documents: tuple[PublicDocument, ...], site: Site) -> Listings:
    return site_listings(documents, site)


def data_files(documents: tuple[PublicDocument, ...]) -> list[OutputFile]:
    """Every year's files and the catalogue, as a build makes them."""
    years = {
        int(year): year_files(int(year), members) for year, members in grouped(documents, lambda d: str(d.year)).items()
    }
    counts = grouped(documents, lambda d: str(d.year))
    listed = [
        (year, len(counts[str(year)]), [hashlib.sha256(file.data).hexdigest() for file in files])
        for year, files in years.items()
    ]
    return [*chain.from_iterable(years.values()), catalogue_file(listed)]


def test_the_years_json_has_a_row_for_each_public_document(documents: tuple[PublicDocument, ...]) -> None:
    files = dict(data_files(documents))

    rows = json.loads(files["data/2025.json"])
    assert [row["index"] for row in rows] == [f"SLKJ00012/2025-0000{n}" for n in (2, 4, 1)]
    assert rows[2]["url"] == "summaries/2024/"
    assert rows[2]["keywords"] == ["科技", "创新"]
    assert len(rows[2]["sha256"]) == 64


def test_a_row_of_the_years_json_is_a_line(documents: tuple[PublicDocument, ...]) -> None:
    lines = dict(data_files(documents))["data/2025.json"].decode().splitlines()

    assert [json.loads(line.strip("[],"))["url"] for line in lines] == [
        "plans/2025/",
        "plans/asked/",
        "summaries/2024/",
    ]


def test_attachments_of_a_body_that_is_not_public_are_not_named(documents: tuple[PublicDocument, ...]) -> None:
    assert b"hidden" not in b"".join(data for _, data in data_files(documents))


def test_a_hidden_number_is_not_named_by_its_successor() -> None:
    written = document(取代="SLKJ00012/2025-00003、SLKJ00012/2019-00001", 被取代="SLKJ00012/2025-00003")
    secret = document(path="plans/secret.md", 信息索取号="SLKJ00012/2025-00003", 公开方式="不予公开")

    row = json.loads(dict(data_files(public_documents(decided([written, secret], NOW))))["data/2025.json"])[0]
    assert (row["replaces"], row["replaced_by"]) == (["SLKJ00012/2019-00001"], "")


def test_a_cell_that_a_spreadsheet_would_run_is_text() -> None:
    written = document(标题="'=HYPERLINK(\"http://a.example\")'", 来源="'@SUM(1)'")

    data = dict(data_files(public_documents(decided([written], NOW))))["data/2025.csv"].decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(data)))
    assert (row["title"], row["source"]) == ('\'=HYPERLINK("http://a.example")', "'@SUM(1)")


def test_who_reviewed_a_document_is_not_public(documents: tuple[PublicDocument, ...]) -> None:
    written = document(审核="保密审查岗")

    files = data_files(public_documents(decided([written], NOW)))
    assert [path for path, data in files if "保密审查岗".encode() in data or b"reviewed_by" in data] == []


def test_the_years_csv_opens_in_a_spreadsheet_with_the_same_rows(documents: tuple[PublicDocument, ...]) -> None:
    data = dict(data_files(documents))["data/2025.csv"]

    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[2]["title"] == NASTY.strip('"')
    assert rows[2]["keywords"] == "科技、创新"


def test_the_catalogue_names_each_file_with_its_hash(documents: tuple[PublicDocument, ...]) -> None:
    files = dict(data_files(documents))

    catalogue = json.loads(files["data/catalogue.json"])
    assert [(year["year"], year["count"]) for year in catalogue["years"]] == [(2025, 3), (2023, 1)]
    named = {file["name"]: file["sha256"] for year in catalogue["years"] for file in year["files"]}
    assert named == {
        path.removeprefix("data/"): hashlib.sha256(data).hexdigest()
        for path, data in files.items()
        if path != "data/catalogue.json"
    }


def test_an_identifier_leads_to_its_document_from_any_depth(documents: tuple[PublicDocument, ...]) -> None:
    pages = {path: data.decode() for path, data in map(identifier_page, documents)}

    assert 'url=../../../plans/2025/"' in pages["id/SLKJ00012/2025-00002/index.html"]
    assert 'url=../../plans/2023/"' in pages["id/PZ-2023-1/index.html"]
    assert "<script>" not in pages["id/SLKJ00012/2025-00001/index.html"]


def test_an_identifier_says_what_it_leads_to_where_nothing_is_followed_by_itself() -> None:
    page = identifier_page(public_documents(decided([document(标题=NASTY)], NOW))[0]).data.decode()

    assert "<title>信息索取号 SLKJ00012/2025-00001</title>" in page
    assert f'<a href="../../../summaries/2024/">{escape(NASTY[1:-1])}</a>' in page


def test_feeds_are_atom_with_permanent_ids(browse: Listings, site: Site) -> None:
    told = {"organisation": site.organisation.name, "site_url": "https://a.example/"}
    wanted = [("feed.xml", browse.catalogue), *((f"feeds/{c.kind}.xml", c) for c in browse.columns)]
    made = [feed(path, listing.name, listing.documents, **told) for path, listing in wanted]
    files = {path: ElementTree.fromstring(data) for path, data in made}

    entries = files["feed.xml"].findall(f"{ATOM}entry")
    assert entries[0].findtext(f"{ATOM}id") == "https://a.example/id/SLKJ00012/2025-00002/"
    assert entries[2].findtext(f"{ATOM}title") == NASTY.strip('"')
    assert len(files["feeds/summaries.xml"].findall(f"{ATOM}entry")) == 1
    assert files["feeds/notices.xml"].findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"


def test_the_sitemap_is_an_index_of_years(browse: Listings) -> None:
    url = "https://a.example/"
    years = [sitemap_of_year(year.documents[0].year, year.documents, site_url=url) for year in browse.years]
    pages = sitemap_of_pages(listing_addresses(browse), site_url=url)
    files = {
        path: ElementTree.fromstring(data) for path, data in (*years, pages, sitemap_index([2025, 2023], site_url=url))
    }

    named = [loc.text for loc in files["sitemap.xml"].iter(f"{MAP}loc")]
    assert named == [f"https://a.example/sitemaps/{name}.xml" for name in ("pages", "2025", "2023")]
    assert [loc.text for loc in files["sitemaps/2023.xml"].iter(f"{MAP}loc")] == ["https://a.example/plans/2023/"]
