"""`gongkai serve`: what is saved is soon to be seen, a mistake leaves the last good page, the handbook is there."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.waiting import PATIENCE, until
from tests.writing import markdown

ROOT = Path(__file__).parents[2]
GONGKAI = Path(sys.executable).parent / "gongkai"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A preview of one document on a free port; it ends as by Ctrl+C."""
    (tmp_path / "docs/plans").mkdir(parents=True)
    (tmp_path / "docs/plans/a.md").write_text(markdown("原来的正文。"), "utf-8")
    (tmp_path / "docs/handbook").mkdir()
    (tmp_path / "docs/handbook/index.md").write_text("# 手册\n\n内部手册", "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["-f", str(ROOT / "mkdocs.yml"), "--docs-dir", str(tmp_path / "docs"), "-a", f"127.0.0.1:{port}"]
    preview = subprocess.Popen(
        [str(GONGKAI), "serve", *options],
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        preview.send_signal(signal.SIGINT)
        told = preview.communicate(timeout=PATIENCE)[1]
        assert "Traceback" not in told, told


def page_with(address: str, text: str) -> str:
    """The page at `address` as soon as it has `text`."""

    def page() -> str:
        try:
            with urlopen(address, timeout=10) as answer:
                found: str = answer.read().decode()
        except (URLError, TimeoutError):  # not there yet, or busy with a build: asked again
            return ""
        return found if text in found else ""

    return until(page)


def test_a_saved_document_is_shown(address: str, tmp_path: Path) -> None:
    assert "原来的正文" in page_with(f"{address}/plans/a/", "原来的正文")

    (tmp_path / "docs/plans/a.md").write_text(markdown("改过的正文。"), "utf-8")

    assert "改过的正文" in page_with(f"{address}/plans/a/", "改过的正文")


def test_a_mistake_leaves_the_last_good_page_and_its_mending_is_shown(address: str, tmp_path: Path) -> None:
    assert "原来的正文" in page_with(f"{address}/plans/a/", "原来的正文")

    (tmp_path / "docs/plans/a.md").write_text(markdown("改坏的正文。", 生成日期="去年夏天"), "utf-8")
    time.sleep(1)
    assert "原来的正文" in page_with(f"{address}/plans/a/", "原来的正文")
    (tmp_path / "docs/plans/a.md").write_text(markdown("改好的正文。"), "utf-8")

    assert "改好的正文" in page_with(f"{address}/plans/a/", "改好的正文")


def test_the_handbook_is_in_the_preview(address: str) -> None:
    assert "内部手册" in page_with(f"{address}/handbook/", "内部手册")
    assert "/handbook/" in page_with(f"{address}/", "工作人员手册")


def test_the_gallery_of_parts_is_in_the_preview(address: str) -> None:
    page = page_with(f"{address}/handbook/parts/", "网页部件")

    assert "八项要素，文件编号空着" in page
    assert 'class="gk-fields" data-record' in page
