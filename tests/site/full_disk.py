"""Builds on a disk of two megabytes, within a mount namespace: `unshare … python -m tests.site.full_disk CONFIG FOLDER`.

Says on stdout what was seen; any other outcome ends with an error.
"""

import subprocess
import sys
from pathlib import Path

from gongkai.engine.build import Request, build_site
from gongkai.engine.edition import BuildFailedError
from tests.site.conftest import contents, snapshot
from tests.writing import markdown

NOW = "2026-01-31T09:00"


def main() -> None:
    config, folder = Path(sys.argv[1]), Path(sys.argv[2])
    disk, docs = folder / "disk", folder / "docs"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], check=True)
    small = Request(config, docs_dir=docs, site_dir=disk / "site", now=NOW, jobs=1)
    write(docs, 1)
    build_site(small)
    before = snapshot(disk / "site")
    sys.stdout.write("small\n")
    write(docs, 150)
    try:
        build_site(small)
    except BuildFailedError as problem:
        assert "读写失败" in str(problem), problem
        assert snapshot(disk / "site") == before
        sys.stdout.write("full: old site whole\n")
    write(docs, 3)
    again = contents(build_site(small).site_dir)
    whole = Request(config, docs_dir=docs, site_dir=folder / "elsewhere", now=NOW, jobs=1)
    assert again == contents(build_site(whole).site_dir)
    sys.stdout.write("room: right\n")


def write(docs: Path, count: int) -> None:
    """Exactly `count` documents."""
    (docs / "notices").mkdir(parents=True, exist_ok=True)
    for left in docs.rglob("*.md"):
        left.unlink()
    for n in range(count):
        text = markdown("加强研发投入，推动成果转化。" * 300, 信息索取号=f"a/{n}")
        (docs / f"notices/{n}.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
