"""The union of all outputs is what the decisions allow: for random documents at random instants, nothing more or less."""

import gzip
import shutil
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.engine.edition import prepare
from gongkai.engine.plan import BuildSettings, build_settings
from gongkai.engine.publishing import publish_whole
from gongkai.engine.settings import open_config
from gongkai.records.disclosure import Extent, decide
from gongkai.records.values import AUDIENCES, Disclosure, Status
from gongkai.site import read_site
from tests.site.conftest import snapshot
from tests.writing import ZONE, document_of, markdown

ROOT = Path(__file__).parents[2]
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
MOMENTS = st.builds(lambda day: datetime.combine(day, time(9), ZONE), DAYS)
Fields = dict[str, str | None]
#: What each extent lets out of what a document is made of.
ALLOWED = {
    Extent.FULL: {"title", "number", "body", "abstract", "file"},
    Extent.ROW: {"title", "number"},
    Extent.TOMBSTONE: {"title", "number"},
    Extent.NOTHING: set[str](),
}


@st.composite
def fields(draw: st.DrawFn) -> Fields:
    state = draw(st.sampled_from((None, None, *Status)))
    day, last, withdrawn = draw(DAYS), draw(st.none() | DAYS), draw(st.none() | DAYS)
    return {
        "公开方式": draw(st.sampled_from((*Disclosure, Disclosure.PROACTIVE))),
        "公开范围": draw(st.sampled_from((*AUDIENCES, "面向全社会", "面向某些人"))),
        "公开时限": f"限时公开至{last}" if last else "常年公开",
        "发布时间": f"{day} 09:00:00",
        "时效": state and f"{{状态: {state}, 日期: {draw(DAYS)}}}",
        "撤回": withdrawn and f"{{date: {withdrawn}, reason: 某原因}}",
        "审核": "只供内部的审核人",
    }


def marks(number: int) -> dict[str, str]:
    """What the document of that number is made of, unlike any other's; Latin, so that no encoding hides it."""
    return {
        "title": f"Title{number}Mark",
        "number": f"a/Number{number}Mark",
        "body": f"Body{number}Mark",
        "abstract": f"Abstract{number}Mark",
        "file": f"File{number}Mark",
        "path": f"path{number}mark",
    }


def write(docs: Path, number: int, given: Fields) -> Fields:
    mark = marks(number)
    whole = {
        **given,
        "标题": mark["title"],
        "信息索取号": mark["number"],
        "内容概述": mark["abstract"],
        "附件": f"[{mark['path']}.txt]",
    }
    folder = docs / "notices"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{mark['path']}.md").write_text(markdown(mark["body"], **whole), "utf-8")
    (folder / f"{mark['path']}.txt").write_text(mark["file"], "utf-8")
    return whole


def everything(site: Path) -> bytes:
    """Every byte of a site, names and unpacked contents too."""
    files = snapshot(site)
    unpacked = (gzip.decompress(data) for data in files.values() if data.startswith(b"\x1f\x8b"))
    return b"\n".join([*(name.encode() for name in files), *files.values(), *unpacked])


@pytest.fixture(scope="module")
def made_of(tmp_path_factory: pytest.TempPathFactory) -> BuildSettings:
    folder = tmp_path_factory.mktemp("bureau") / "docs"
    folder.mkdir()
    config = open_config(ROOT / "mkdocs.yml", folder)
    return build_settings(config, read_site(config.extra.get("disclosure")))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(documents=st.lists(fields(), min_size=1, max_size=4), now=MOMENTS)
def test_the_outputs_hold_what_the_decisions_allow_and_no_more(
    made_of: BuildSettings, documents: list[Fields], now: datetime
) -> None:
    docs, site = made_of.docs_dir, made_of.docs_dir.with_name("site")
    shutil.rmtree(docs, ignore_errors=True)
    shutil.rmtree(site, ignore_errors=True)
    written = [write(docs, number, given) for number, given in enumerate(documents)]
    edition = prepare(docs_dir=docs, site=made_of.site, site_url=made_of.site_url, now=now)
    publish_whole(edition, made_of, site)

    output = everything(site)
    shown = [{key for key, mark in marks(n).items() if mark.encode() in output} for n in range(len(written))]
    extents = [decide(document_of(given).record, now).extent for given in written]
    assert shown == [ALLOWED[extent] | ({"path"} if ALLOWED[extent] else set()) for extent in extents]
    assert "只供内部的审核人".encode() not in output
