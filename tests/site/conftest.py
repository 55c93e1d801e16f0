"""Sites built for a test: text in, files out, through the real command's own function."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gongkai.engine.build import Request, build_site, quiet_mkdocs

ROOT = Path(__file__).parents[2]
Publish = Callable[..., Path]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Write `files` under a docs folder, build at `now` and give the site's folder."""

    def build(files: Mapping[str, str | bytes], *, now: str = "2026-01-31T09:00") -> Path:
        docs = tmp_path / "docs"
        docs.mkdir(exist_ok=True)
        for name, text in files.items():
            path = docs / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        with quiet_mkdocs():
            request = Request(ROOT / "mkdocs.yml", docs_dir=docs, site_dir=tmp_path / "site", now=now)
            return build_site(request).site_dir

    return build


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a site."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a site but its search's segments and their list, which may differ and answer alike."""
    return {
        name: data
        for name, data in snapshot(folder).items()
        if not name.startswith("search/index/") or name.startswith("search/index/files/")
    }
