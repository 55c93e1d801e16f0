"""The main job on the real page, where it lies beside the project: import, check, build, browse.

The page is not part of the project. Elsewhere these tests say that they were passed over; `test_commands.py` runs
the same job on a page of our own.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

SEEDS = sorted((Path(__file__).parents[3] / "shared" / "seeds").glob("*.txt"))
GONGKAI = Path(sys.executable).with_name("gongkai")

pytestmark = pytest.mark.skipif(
    not SEEDS, reason="../shared/seeds is not beside this checkout: the real page cannot be tried"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds docs/ with the imported page and site/ built from it."""
    folder = tmp_path_factory.mktemp("seed")
    docs = folder / "docs"
    commands: tuple[list[str | Path], ...] = (
        ["import", SEEDS[0], "--column", "summaries", "--docs-dir", docs],
        ["check", "--docs-dir", docs],
        ["build", "--docs-dir", docs, "--site-dir", folder / "site"],
    )
    for words in commands:
        subprocess.run([GONGKAI, *words], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> LexborHTMLParser:
    source = next((folder / "docs" / "summaries").glob("*.md"))
    return LexborHTMLParser((folder / "site/summaries" / source.stem / "index.html").read_text("utf-8"))


def test_the_eight_fields_have_the_pages_values(page: LexborHTMLParser) -> None:
    rows = {row.attributes["data-field"]: row.css("td")[0].text(strip=True) for row in page.css("tr[data-field]")}

    assert rows == {
        "category": "",
        "document_number": "",
        "disclosure": "主动公开",
        "created": "2018-07-26",
        "term": "常年公开",
        "audience": "面向全社会",
        "index": "000014349/2019-136425",
        "department": "",
    }


def test_the_honours_are_a_list_of_twenty_seven(page: LexborHTMLParser) -> None:
    assert len(page.css("[data-document-body] li")) == 27


def test_headings_stand_in_two_levels(page: LexborHTMLParser) -> None:
    assert [node.text(strip=True) for node in page.css("[data-document-body] h2")] == [
        "一、主要成效",
        "二、主要做法",
        "三、今年打算",
    ]
    assert len(page.css("[data-document-body] h3")) == 17


def test_every_character_of_the_body_is_on_the_page(page: LexborHTMLParser) -> None:
    lines = SEEDS[0].read_text("utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if "责任部门" in line)

    shown = "".join(page.css("[data-document-body]")[0].text().split())
    assert shown == "".join("".join(lines[start + 1 :]).split())


def test_the_page_is_found_by_number_year_and_data(folder: Path) -> None:
    site = folder / "site"

    assert "url=../../../summaries/" in (site / "id/000014349/2019-136425/index.html").read_text("utf-8")
    assert 'data-row="000014349/2019-136425"' in (site / "years/2018/index.html").read_text("utf-8")
    assert [row["index"] for row in json.loads((site / "data/2018.json").read_text("utf-8"))] == [
        "000014349/2019-136425"
    ]
