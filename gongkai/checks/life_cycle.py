"""Findings on what documents say of each other's and their own validity: 取代, 被取代, 有效期."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from gongkai.catalogue.order import Decided
from gongkai.checks.protocol import ArchiveRule, Whole
from gongkai.records.disclosure import Extent
from gongkai.records.findings import Finding
from gongkai.records.record import Record
from gongkai.records.validity_clause import Clause, last_day
from gongkai.records.values import Status


def check_life_cycle(whole: Whole) -> Iterator[Finding]:
    referring = [one for one in whole.decided if _references(one.document.record)]
    known = {one.document.record.index.text.casefold(): one for one in whole.decided} if referring else {}
    for one in referring:
        yield from _of_references(one, known)
    for one in whole.decided:
        clause = one.document.clause
        message = _of_clause(clause, one, whole.now) if clause and one.decision.extent is Extent.FULL else ""
        if clause and message:
            yield Finding(one.document.path, "status", "validity-clause", message, clause.line)


def _references(record: Record) -> tuple[tuple[str, str], ...]:
    """(field, number) of each document that a record names."""
    successor = (("replaced_by", record.replaced_by),) if record.replaced_by else ()
    return (*(("replaces", number) for number in record.replaces), *successor)


def _of_references(one: Decided, known: Mapping[str, Decided]) -> Iterator[Finding]:
    path, record = one.document.path, one.document.record
    own = record.index.text.casefold()
    for key, number in _references(record):
        other = known.get(number.casefold())
        if number.casefold() == own or (other and _is_circular(key, record, other.document.record, known)):
            yield Finding(
                path, key, "replaces-circular", f"“{number}”与本文件互相取代或取代自己。请改正其中一个"
            )
        elif other is None:
            yield Finding(
                path,
                key,
                "replaces-unknown",
                f"没有信息索取号是“{number}”的文件，页面上只印号、不带链接。请核对",
            )
        elif other.is_hidden and not one.is_hidden:
            yield Finding(path, key, "replaces-hidden", f"“{number}”没有公开，页面上不会出现它。请核对")
        elif not _is_mirrored(key, own, other.document.record):
            back = "被取代" if key == "replaces" else "取代"
            message = (
                f"{other.document.path} 里没有相应的“{back}: {record.index}”。页面两边都会写明，请在那里补上"
            )
            yield Finding(path, key, "replaces-one-way", message)


def _is_circular(key: str, record: Record, other: Record, known: Mapping[str, Decided]) -> bool:
    """Whether two documents each claim to replace the other, or the chain that leads on comes back."""
    mine, theirs = record.index.text.casefold(), other.index.text.casefold()
    if key == "replaces" and record.replaced_by.casefold() == theirs:
        return True
    waiting, seen = [theirs], set[str]()
    while waiting:
        number = waiting.pop()
        if number == mine:
            return True
        if number not in seen and number in known:
            seen.add(number)
            waiting += [
                name.casefold() for field, name in _references(known[number].document.record) if field == key
            ]
    return False


def _is_mirrored(key: str, own: str, other: Record) -> bool:
    if key == "replaces":
        return other.replaced_by.casefold() == own
    return own in {number.casefold() for number in other.replaces}


def _of_clause(clause: Clause, one: Decided, now: datetime) -> str:
    record = one.document.record
    until = last_day(clause, record)
    is_past = now.astimezone(record.published.tzinfo).date() > until
    told = f"正文写明“{clause.text}”，算到 {until} 为止"
    if is_past and one.decision.validity in (Status.IN_FORCE, Status.AMENDED):
        return f"{told}，已经过了，时效却是“{one.decision.validity}”。请核对后改成失效，或说明已延期"
    if not is_past and one.decision.validity is Status.EXPIRED:
        return f"{told}，还没有到，时效却是“失效”。请核对"
    return ""


RULES: Final = (
    ArchiveRule("replaces-circular", "error", "metadata", "互相取代", "", check_life_cycle),
    ArchiveRule("replaces-unknown", "warning", "metadata", "取代的文件不存在", "", check_life_cycle),
    ArchiveRule("replaces-hidden", "warning", "metadata", "取代的文件没有公开", "", check_life_cycle),
    ArchiveRule("replaces-one-way", "warning", "metadata", "取代关系只写了一边", "", check_life_cycle),
    ArchiveRule("validity-clause", "warning", "metadata", "时效与正文写的有效期不符", "", check_life_cycle),
)
