"""Which index numbers were ever used, wherever that is written: in documents, in the register, in git's history."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from gongkai.catalogue.history import HistoryError, lines_ever_added, repository_of
from gongkai.catalogue.order import Decided, decided
from gongkai.catalogue.register import Claim, Claims, claims, read_register
from gongkai.catalogue.sources import FolderDefaults, read_sources, take_inventory
from gongkai.records.front_matter import decode
from gongkai.records.numbering import numbers_in, organisation_of
from gongkai.site import Site


class Use(NamedTuple):
    """A number and what is known of its document; `path` is "" where only git's history has the number."""

    number: str
    state: str
    title: str = ""
    path: str = ""
    published: str = ""
    moves: tuple[str, ...] = ()


def used_numbers(docs_dir: Path, own_code: str, year: int) -> Iterator[str]:
    """Every number of `year` that stands anywhere under `docs_dir`, in its register or in git's history of it.

    What a file only mentions counts as well: better one too many. Raises BrokenRegisterError.
    """
    for path in take_inventory(docs_dir).documents:
        data = (docs_dir / path).read_bytes()
        yield from numbers_in(decode(data)[0] or data.decode("utf-8", "replace"))
    yield from (entry.number for entry in read_register(docs_dir))
    yield from numbers_ever(docs_dir, own_code, year)


def numbers_ever(docs_dir: Path, own_code: str, year: int) -> Iterator[str]:
    """Every number of the body's own and the year that any commit on any branch ever had; none where there is no git."""
    repository = repository_of(docs_dir)
    if repository is None:
        return
    # A credit code has one more character between the organisation's and the slash (GB 32100).
    try:
        for line in lines_ever_added(repository, f"{organisation_of(own_code)}.?/{year}-"):
            yield from numbers_in(line)
    except HistoryError:
        return


def uses(docs_dir: Path, site: Site, now: datetime, *, year: int) -> tuple[Use, ...]:
    """Every number that documents, register, or git's history of `year` know, in their order.

    Raises BrokenRegisterError.
    """
    readings = read_sources(docs_dir, FolderDefaults(docs_dir, site.zone))
    documents = decided((reading.document for reading in readings if reading.document), now)
    known = claims(read_register(docs_dir))
    found = {one.document.record.index.text: _present(one, known) for one in documents}
    present = {number.casefold() for number in found}
    found |= {claim.number: _gone(claim) for key, claim in known.items() if key not in present}
    for number in used_numbers(docs_dir, site.organisation.code, year):
        found.setdefault(number, Use(number, "用过，现在没有文件用它（见 git 记录）"))
    return tuple(found[number] for number in sorted(found))


def _present(one: Decided, known: Claims) -> Use:
    record = one.document.record
    state = one.decision.reason if one.is_hidden else one.decision.mark or "公开"
    claim = known.get(record.index.text.casefold())
    moves = tuple(path for path in claim.paths if path != one.document.path) if claim else ()
    published = record.published.strftime("%Y-%m-%d %H:%M:%S")
    return Use(record.index.text, state, record.title, one.document.path, published, moves)


def _gone(claim: Claim) -> Use:
    entry = claim.latest
    published = entry.published.strftime("%Y-%m-%d %H:%M:%S")
    return Use(entry.number, "公开过，现在没有文件用它", entry.title, entry.path, published, claim.paths[:-1])
