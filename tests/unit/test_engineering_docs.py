"""What the engineers' pages name is there: a file that moves takes their sentences with it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "CONTRIBUTING.md", ROOT / "README.md", *sorted((ROOT / "adr").glob("*.md"))]
TOPS = "gongkai|hooks|overrides|scripts|benchmarks|tests|docs|adr"
#: Rooms of the package, as the pages shorten them.
ROOMS = "records|memory|catalogue|checks|imports|pages|outputs|search|engine|receiving|init|commands"


def paths_named(page: Path) -> Iterator[Path]:
    text = page.read_text("utf-8")
    yield from (ROOT / path for path in re.findall(rf"`((?:{TOPS})/[\w./-]+)`", text))
    yield from (ROOT / "gongkai" / path for path in re.findall(rf"`((?:{ROOMS})/[\w./-]+\.\w+)`", text))
    yield from (page.parent / path for path in re.findall(r"\]\((?!http)([^)#]+)", text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    missing = {path.relative_to(ROOT).as_posix() for path in paths_named(page) if not path.exists()}

    assert missing == set()


def test_every_decision_is_listed() -> None:
    listed = set(re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (ROOT / "adr/README.md").read_text("utf-8")))

    assert listed == {path.name for path in (ROOT / "adr").glob("0*.md")}
