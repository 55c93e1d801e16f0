"""What nginx answers with the configuration that the project ships."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai.catalogue.register import PUBLIC, Entry, append
from gongkai.commands.receive import program
from gongkai.receiving.server import read_settings, systemd
from tests.site.hosting import Nginx, served_by_nginx
from tests.site.receiving import FIRST, Office, open_office, paper
from tests.site.repositories import git
from tests.writing import NOW

pytestmark = pytest.mark.tools
FINGERPRINTED = "public, max-age=31536000, immutable"
SHORT = "public, max-age=60, must-revalidate"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose document 7 once lay elsewhere, as its register knows."""
    office = open_office(tmp_path_factory.mktemp("office"))
    office.commit({"docs/notices/8.md": paper(8, "前文。\n\n| 甲 | 乙 |\n|:--|--:|\n| 一 | 二 |\n")})
    office.deliver()
    return office


@pytest.fixture(scope="module")
def nginx(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    for stray in (".htaccess", "notices/.hidden"):
        (office.public / stray).write_text("release", "utf-8")
    with served_by_nginx(office.site, tmp_path_factory.mktemp("nginx") / "own") as running:
        yield running


def test_a_page_is_sent_as_it_was_compressed_and_never_kept_long(office: Office, nginx: Nginx) -> None:
    plain, packed = nginx.get("/notices/1/"), nginx.get("/notices/1/", Accept_Encoding="gzip")

    assert plain.headers["content-type"] == "text/html; charset=utf-8"
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.body == (office.public / "notices/1/index.html.gz").read_bytes()
    assert gzip.decompress(packed.body) == plain.body
    assert plain.headers["cache-control"] == SHORT


def test_an_unchanged_page_is_not_sent_again(nginx: Nginx) -> None:
    tag = nginx.get("/notices/1/").headers["etag"]

    assert nginx.get("/notices/1/", If_None_Match=tag).status == 304


def test_files_named_by_content_are_kept_for_ever(office: Office, nginx: Nginx) -> None:
    page = nginx.get("/").body.decode()
    sheets = re.findall(r'href="\./(assets/[^"]+\.css)"', page)
    index = next((office.public / "search/index").glob("*/*.bin")).relative_to(office.public)

    assert [nginx.get(f"/{sheet}").headers["cache-control"] for sheet in sheets] == [FINGERPRINTED] * 2
    assert nginx.get(f"/{index.as_posix()}").headers["cache-control"] == FINGERPRINTED
    for short in ("/search/index/start.bin", "/data/catalogue.json", "/assets/js/on-demand.mjs"):
        assert nginx.get(short).headers["cache-control"] == SHORT


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/assets/js/on-demand.mjs", "text/javascript; charset=utf-8"),
        ("/search/index/start.bin", "application/octet-stream"),
        ("/data/2026.csv", "text/csv; charset=utf-8"),
        ("/data/2026.json", "application/json; charset=utf-8"),
        ("/feed.xml", "application/xml; charset=utf-8"),
        ("/assets/images/favicon.svg", "image/svg+xml"),
    ],
)
def test_a_file_says_what_it_is(nginx: Nginx, path: str, kind: str) -> None:
    assert nginx.get(path).headers["content-type"] == kind


@pytest.mark.parametrize("path", ["/notices/1/", "/nothing", "/data/2026.json"])
def test_every_answer_says_what_browsers_may_do(nginx: Nginx, path: str) -> None:
    headers = nginx.get(path).headers

    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "'unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in headers


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/assets/",
        "/.htaccess",
        "/notices/.hidden",
        "/notices/1/index.html.gz",
        "/release.json",
        "/moved/",
        "/previews/",
        "/releases/",
        "/404.html",
        "/%2e%2e/release.json",
    ],
)
def test_what_is_not_the_site_s_is_not_found(nginx: Nginx, path: str) -> None:
    answer = nginx.get(path)

    assert answer.status in (404, 400)
    assert b"release" not in answer.body
    assert answer.status == 400 or "没有找到这个页面" in answer.body.decode()


def test_a_folder_without_its_slash_is_led_to_it_without_naming_a_host(nginx: Nginx) -> None:
    answer = nginx.get("/notices", Host="gongkai.example")

    assert (answer.status, answer.headers["location"]) == (301, "/notices/")


def test_nothing_but_reading_is_allowed(nginx: Nginx) -> None:
    assert nginx.get("/", method="HEAD").status == 200
    assert nginx.get("/", method="POST", Content_Length="0").status == 405


def test_no_page_has_a_style_or_a_script_in_it(office: Office) -> None:
    """The policy would not let them work. Data that is not run (JSON-LD) may stand in a page."""
    pages = {path: path.read_text("utf-8") for path in office.public.rglob("*.html")}
    wrong = re.compile(r"<style|<script(?![^>]*(?: src=|application/ld\+json))|<[^>]+\s(?:style|on\w+)=")

    assert [str(path) for path, text in pages.items() if wrong.search(text)] == []
    assert 'align="right"' in pages[office.public / "notices/8/index.html"]


def test_an_address_that_a_document_left_leads_to_where_it_is(office: Office, nginx: Nginx) -> None:
    office.commit({"docs/notices/7.md": FIRST["docs/notices/7.md"]})
    register(office, 7, "notices/7.md")
    office.deliver()
    office.commit({"docs/plans/7.md": FIRST["docs/notices/7.md"]}, "docs/notices/7.md")
    register(office, 7, "plans/7.md", was="notices/7.md")
    pushed = office.push()
    assert pushed.is_accepted, pushed.printed

    before = nginx.get("/notices/7/")
    nginx.reload()
    after = nginx.get("/notices/7/")

    assert (before.status, b"../../plans/7/" in before.body) == (200, True)
    assert (after.status, after.headers["location"]) == (301, "/plans/7/")
    (office.site / office.current / "moved/notices/7/is").unlink()
    assert nginx.get("/notices/7/").status == 200  # a list that is older than the release does no harm


def register(office: Office, number: int, path: str, was: str = "") -> None:
    """The line that `gongkai register` writes, committed with the rest."""
    line = Entry(
        number=f"SLKJ00012/2026-{number:05}",
        event="moved" if was else "published",
        recorded=NOW.replace(hour=10 if was else 9),
        path=path,
        title=f"第{number}号通知",
        created=NOW.date().replace(day=20),
        published=NOW.replace(day=21),
        sha256="",
        state=PUBLIC,
        was=was,
    )
    append(office.clerk / "docs", [line])
    git(office.clerk, "add", "-A")
    git(office.clerk, "commit", "-q", "-m", "登记")


def test_a_preview_is_served_to_whoever_knows_its_address_only(office: Office, nginx: Nginx) -> None:
    office.commit({"docs/notices/9.md": paper(9)})
    printed = office.deliver("draft")
    path = "/previews/" + printed.rpartition("previews/")[2].partition("/")[0]

    page, missing = nginx.get(f"{path}/notices/9/"), nginx.get(f"{path}/nothing/")

    assert (page.status, page.headers["x-robots-tag"]) == (200, "noindex, nofollow, noarchive")
    assert page.headers["cache-control"] == "private, no-cache"
    assert f'href="{path}/' in missing.body.decode()
    assert missing.status == 404
    assert nginx.get(f"/previews/.{path.rpartition('/')[2]}.gongkai/state").status == 404
    assert nginx.get("/previews/" + "0" * 32 + "/").status == 404


def test_a_new_release_is_served_without_a_word_to_nginx(office: Office, nginx: Nginx) -> None:
    office.commit({"docs/notices/12.md": paper(12)})
    before = nginx.get("/notices/12/").status

    office.deliver()

    assert (before, nginx.get("/notices/12/").status) == (404, 200)


def test_the_units_name_this_installation(office: Office) -> None:
    server = office.server()
    text = systemd(server.repository, read_settings(server.repository), program(), user="git")

    assert f"ExecStart={program()} receive tick --repository {office.repository}\n" in text
    assert f"PathChanged={office.site}/redirects.map\n" in text
    assert "@" not in text.replace("@upstream", "")
    assert Path(program()).is_file()
