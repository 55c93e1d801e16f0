"""What documents lead to: headings of others, pictures, other sites."""

import struct
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from gongkai.checks.links import check_anchors, check_links, check_pictures
from gongkai.checks.online import dead_links, is_public
from gongkai.records.reading import Document
from gongkai.site import Checks, Site
from tests.writing import document, whole


def both(body: str) -> tuple[Document, Document]:
    there = document(path="plans/b.md", 信息索取号="SLKJ00012/2025-00002")
    return document(body, path="plans/a.md"), there


def anchors_of(known: Document) -> frozenset[str]:
    return frozenset({"一总体"} if known.path == "plans/b.md" else {"二重点"})


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("[甲](#二重点)", []),
        ("[甲](#三保障)", ["link-anchor"]),
        ("[甲](b.md#一总体)", []),
        ("[甲](b.md#%E4%B8%80%E6%80%BB%E4%BD%93)", []),
        ("[甲](b.md#二重点)", ["link-anchor"]),
        ("[甲](/plans/b/#二重点)", ["link-anchor"]),
        ("[甲](表.xlsx#二重点)", []),
        ("[甲](https://a.example/#二重点)", []),
        ("`[甲](#三保障)`", []),
    ],
)
def test_a_link_leads_to_a_heading_that_is_there(link: str, expected: list[str]) -> None:
    told = check_anchors(whole(*both(link), anchors_of=anchors_of))

    assert [one.code for one in told] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[甲](https://www.gov.cn/a)", 0),
        ("[甲](https://www.jj.gov.cn.evil.example/a)", 1),
        ("[甲](https://gongkai.example/plans/)", 0),
        ("[甲](https://www.allowed.example/a)", 0),
        ("[甲](https://a.example/1) [乙](https://a.example/2)", 1),
        ("[甲](//a.example/1)", 1),
        ("[甲](mailto:a@a.example)", 0),
    ],
)
def test_other_sites_are_told_once_each(site: Site, tmp_path: Path, body: str, expected: int) -> None:
    own = site.model_copy(update={"checks": Checks(allowed_hosts=("allowed.example",))})

    told = check_links(whole(*both(body), site=own, docs_dir=tmp_path))
    assert [one.code for one in told] == ["link-external"] * expected


def png(width: int, height: int, padding: int = 0) -> bytes:
    header = struct.pack(">II5B", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return head + b"\0" * padding


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        (png(4000, 100), ""),
        (png(4001, 100), "4001×100"),
        (png(10, 10, 3 * 1024 * 1024), "3,072 KB"),
        (b"no picture", ""),
        (b"", ""),
    ],
    ids=["at the limit", "wide", "heavy", "broken", "empty"],
)
def test_a_picture_is_measured_by_its_header(tmp_path: Path, picture: bytes, told: str) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans/a.png").write_bytes(picture)

    messages = [one.message for one in check_pictures(whole(*both("![图](a.png)"), docs_dir=tmp_path))]
    assert len(messages) == bool(told)
    assert told in "".join(messages)


class _Server(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self._answer(is_head=True)

    def do_GET(self) -> None:
        self._answer(is_head=False)

    def _answer(self, *, is_head: bool) -> None:
        codes = {"/ok": 200, "/gone": 404, "/shy": 405 if is_head else 200, "/broken": 500, "/away": 302}
        self.send_response(codes[self.path.partition("?")[0]])
        self.send_header("Location", "http://127.0.0.2:9/inner" if "inner" in self.path else "/ok")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Server) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def is_this_machine(address: str) -> bool:
    return address == "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/ok", ""),
        ("/ok?词=一#二", ""),
        ("/shy", ""),
        ("/away", ""),
        ("/gone", "404"),
        ("/broken", "500"),
        ("/away?inner", "内部网络"),
    ],
)
def test_a_server_is_asked_whether_a_page_is_there(server: str, path: str, told: str) -> None:
    answers = dead_links([server + path], may_ask=is_this_machine, timeout=5)

    assert len(answers) == bool(told)
    assert told in "".join(answers.values())


def test_a_private_address_is_never_asked(server: str) -> None:
    assert dead_links([f"{server}/ok"]) == {f"{server}/ok": "指向内部网络的地址，没有访问"}


def test_a_host_that_does_not_answer_is_asked_once() -> None:
    told = dead_links(["http://127.0.0.1:9/a", "http://127.0.0.1:9/b"], may_ask=is_this_machine, timeout=2)

    assert len(told) == 2


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.1.1", "::1", "fe80::1%eth0"])
def test_what_is_private_is_known(address: str) -> None:
    assert not is_public(address)
