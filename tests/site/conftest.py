"""Sites built for a test: text in, files out, through the real command's own function."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hooks.engine.build import build_site, quiet_mkdocs

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
            site, _ = build_site(ROOT / "mkdocs.yml", docs_dir=docs, site_dir=tmp_path / "site", now=now)
        return site

    return build
