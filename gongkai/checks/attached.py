"""What is amiss in the files that go public with a body: what nobody can search, and what nobody should read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from gongkai.catalogue.attachments import public_files
from gongkai.catalogue.order import Decided
from gongkai.checks.content import file_spots, hidden_properties
from gongkai.checks.loose_files import PICTURES, looked_into
from gongkai.checks.spots import Spot
from gongkai.records.disclosure import Extent, coming
from gongkai.records.findings import Finding
from gongkai.records.reading import Document
from gongkai.site import Site

_MESSAGES = {
    "attachment-scanned": "里面没有文字，像是扫描件，搜索找不到它的内容。请换成由电脑生成的文件，或先做文字识别",
    "attachment-unreadable": "内容读不出来，可能加了密码或已损坏。请打开看看，另存后换上",
    "attachment-cut": "太大，搜索和检查只看得到一部分内容，或一点也看不到。请分成几个文件",
}
_UNCHECKED = "没有检查里面有没有个人信息和密级标志。请另存为 docx、xlsx 或 pdf，或人工看过"
#: Pictures that carry more than they show.
_CARRIERS = (".jpg", ".jpeg")
#: What is found in each of some files, given by their paths relative to docs/.
SpotsOf = Callable[[Sequence[str]], Mapping[str, tuple[Spot, ...]]]


def is_looked_into(path: str) -> bool:
    """Whether a file is of a kind that anything can be found in, or that somebody should look at."""
    name = path.rpartition("/")[2].lower()
    return "." in name and (name.endswith(_CARRIERS) or not name.endswith(PICTURES))


def attached_spots(file: Path, site: Site) -> tuple[Spot, ...]:
    """What is found in one file, whoever publishes it."""
    if not file.is_file():
        return ()
    return tuple(_found(file, site))


def _found(file: Path, site: Site) -> Iterator[Spot]:
    looked = looked_into(file)
    attached = looked.attached
    if looked.unread:
        verb = "里有" if file.suffix.lower() == ".zip" else "是"
        yield Spot(1, "attachment-unchecked", f"{verb} {'、'.join(looked.unread)} 文件，{_UNCHECKED}", "")
    if attached.trouble:
        yield Spot(1, attached.trouble, _MESSAGES[attached.trouble], "")
    own = own_words(site)
    for page in attached.pages:
        where = f"第 {page.number} 页：" if page.number else "："
        for spot in file_spots(Path(), page.text, own=own):
            yield spot._replace(message=f"{where}{spot.message}")
    for spot in file_spots(Path(), "\n".join(looked.names), own=own):
        yield spot._replace(message=f"：{spot.message}")
    for spot in (*file_spots(Path(file.name), "", own=own), *hidden_properties(file, own=own_names(site))):
        yield spot._replace(message=f"：{spot.message}")


def own_words(site: Site) -> frozenset[str]:
    """What the office says of itself on every page, and therefore may say anywhere."""
    contact = site.site.contact
    return frozenset(filter(None, (contact.telephone, contact.email, contact.address)))


def own_names(site: Site) -> frozenset[str]:
    """Whom a file's properties may name: the office, not its people."""
    return frozenset((site.organisation.name, site.site.host, *site.department_by_name)) - {""}


def read_here(docs_dir: Path, site: Site) -> SpotsOf:
    """Reads the files of `docs_dir` one after another."""
    return lambda paths: {path: attached_spots(docs_dir / path, site) for path in paths}


def attached_findings(
    everything: Iterable[Decided],
    now: datetime,
    spots_of: SpotsOf,
    lines: Mapping[str, Mapping[str, int]],
) -> Iterator[Finding]:
    """Findings on the files that go public with a body at `now` or later; they name documents relative to docs/.

    `lines` are those of the documents' fields.
    """
    open_files = {
        one.document.path: (one.document, files)
        for one in everything
        if (files := _files(one.document)) and coming(one.document.record, now).extent is Extent.FULL
    }
    wanted = sorted({file for _, files in open_files.values() for file in files})
    spots = spots_of(wanted) if wanted else {}
    for path, (_, files) in open_files.items():
        line = lines.get(path, {}).get("attachments", 1)
        for file in files:
            for spot in spots.get(file, ()):
                name = file.rpartition("/")[2]
                yield Finding(path, line, "attachments", spot.code, f"附件“{name}”{spot.message}")


def _files(document: Document) -> list[str]:
    if not (document.record.attachments or document.links):
        return []
    return sorted(filter(is_looked_into, public_files(document)))
