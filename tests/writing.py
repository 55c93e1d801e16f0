"""Documents of a made-up bureau, as a clerk would write them; a test names only the fields that it is about."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from mkdocs.utils.yaml import get_yaml_loader

from gongkai.catalogue.archive import Archive
from gongkai.catalogue.sources import FolderDefaults, take_inventory
from gongkai.checks.protocol import Reported, Whole
from gongkai.checks.run import reported_at
from gongkai.records.findings import Finding
from gongkai.records.reading import Document, Reading, read_document
from gongkai.site import Site, read_site

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 1, 31, 9, tzinfo=ZONE)

PLAIN: Mapping[str, str] = {
    "标题": "示例市科学技术局2024年工作总结",
    "公开方式": "主动公开",
    "生成日期": "2025-01-10",
    "公开时限": "常年公开",
    "公开范围": "面向全社会",
    "信息索取号": "SLKJ00012/2025-00001",
    "发布时间": "2025-01-15 09:30:00",
    "来源": "本局",
}


def front_matter(**fields: str | None) -> str:
    """The plain document's fields with `fields` in place of (None: without) some of them."""
    written = {key: value for key, value in {**PLAIN, **fields}.items() if value is not None}
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in written.items()) + "---\n"


def markdown(body: str = "正文。", **fields: str | None) -> str:
    """A whole file."""
    return f"{front_matter(**fields)}\n{body}\n"


def reading(text: str | bytes, path: str = "summaries/2024.md") -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return read_document(data, path=path, zone=ZONE)


def document(body: str = "正文。", path: str = "summaries/2024.md", **fields: str | None) -> Document:
    """The plain document, read; fails loudly where it has errors."""
    return document_of(fields, body, path)


def document_of(fields: Mapping[str, str | None], body: str = "正文。", path: str = "summaries/2024.md") -> Document:
    found = reading(f"{front_matter(**fields)}\n{body}\n", path)
    assert found.document is not None, [str(finding) for finding in found.findings]
    return found.document


@cache
def sample_site() -> Site:
    """The site that the project's own mkdocs.yml describes."""
    text = (Path(__file__).parents[1] / "mkdocs.yml").read_text("utf-8")
    return read_site(yaml.load(text, Loader=get_yaml_loader())["extra"]["disclosure"])


def whole(
    *documents: Document,
    site: Site | None = None,
    docs_dir: Path = Path("docs"),
    now: datetime = NOW,
    anchors_of: Callable[[Document], frozenset[str]] | None = None,
) -> Whole:
    """An archive of `documents`, as rules are handed it; the files beside them lie in `docs_dir`."""
    readings = tuple(Reading(one.path, one, (), {}) for one in documents)
    archive = Archive(site or sample_site(), take_inventory(docs_dir), FolderDefaults(docs_dir, ZONE), readings)
    decided = archive.decided(now)
    return Whole(archive, now, decided, decided, anchors_of=anchors_of)


def reported(found: Reading | Finding) -> tuple[Reported, ...]:
    """What was found as a clerk reads it: a reading's findings, or one without a line of its own."""
    lines, findings = (found.lines, found.findings) if isinstance(found, Reading) else ({}, (found,))
    return tuple(sorted(reported_at(one, lines, Path("docs")) for one in findings))
