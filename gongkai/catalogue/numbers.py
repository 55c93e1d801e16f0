"""Which index numbers were ever used, wherever that is written: in documents, in the register, in git's history."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from gongkai.catalogue.archive import Archive
from gongkai.catalogue.history import HistoryError, Repository, branch_tips, lines_ever_added, repository_of
from gongkai.catalogue.order import Decided
from gongkai.catalogue.register import Claim, Claims
from gongkai.memory.digests import code_digest, digest
from gongkai.memory.store import load, save
from gongkai.records.numbering import numbers_in, organisation_of


class Use(NamedTuple):
    """A number and what is known of its document; `path` is "" where only git's history has the number."""

    number: str
    state: str
    title: str = ""
    path: str = ""
    published: str = ""
    moves: tuple[str, ...] = ()


def used_numbers(archive: Archive, year: int) -> Iterator[str]:
    """Every number that stands anywhere in the archive or its register, and those of `year` in git's history of it.

    What a file only mentions counts as well: better one too many. Raises BrokenRegisterError.
    """
    for reading in archive.readings:
        yield from reading.numbers
    yield from (entry.number for entry in archive.register)
    yield from numbers_ever(archive, year)


def numbers_ever(archive: Archive, year: int) -> frozenset[str]:
    """Every number of the body's own and the year that any commit on any branch ever had; none where there is no git.

    What was found is remembered with the commits that it was found at, so that only newer ones are looked through.
    """
    repository = repository_of(archive.docs_dir)
    if repository is None:
        return frozenset()
    code = organisation_of(archive.site.organisation.code)
    file = archive.memory / f"numbers-{year}" if archive.memory else None
    version = digest(code_digest(), code)
    kept = load(file, version=version) if file else None
    known = kept if isinstance(kept, _Seen) else _Seen()
    try:
        tips = frozenset(branch_tips(repository))
        if tips == known.tips:
            return known.numbers
        seen = _Seen(tips, known.numbers | _added(repository, code, year, known.tips))
    except HistoryError:
        return known.numbers
    if file:
        save(file, seen, version=version)
    return seen.numbers


class _Seen(NamedTuple):
    """The numbers of a year that the commits at and behind `tips` ever had."""

    tips: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


def _added(repository: Repository, code: str, year: int, known: frozenset[str]) -> frozenset[str]:
    """The numbers in commits that are not behind `known`; in all of them where one of those is gone."""
    wanted = f"{code}.?/{year}-"  # a credit code has one more character before the slash (GB 32100)
    try:
        lines = list(lines_ever_added(repository, wanted, beyond=known))
    except HistoryError:
        lines = list(lines_ever_added(repository, wanted))
    return frozenset(number for line in lines for number in numbers_in(line))


def uses(archive: Archive, now: datetime, *, year: int) -> tuple[Use, ...]:
    """Every number that documents, register, or git's history of `year` know, in their order.

    Raises BrokenRegisterError.
    """
    known = archive.claims
    found = {one.document.record.index.text: _present(one, known) for one in archive.decided(now)}
    present = {number.casefold() for number in found}
    found |= {claim.number: _gone(claim) for key, claim in known.items() if key not in present}
    for number in used_numbers(archive, year):
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
