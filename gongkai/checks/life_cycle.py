"""Findings on what documents say of each other's and their own validity: 取代, 被取代, 有效期."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from gongkai.catalogue.order import Decided
from gongkai.checks.permanence import Complaint, LineOf
from gongkai.records.disclosure import Extent
from gongkai.records.findings import Finding
from gongkai.records.record import Record
from gongkai.records.validity_clause import Clause, last_day
from gongkai.records.values import Status


def check_life_cycle(decided: Sequence[Decided], now: datetime, *, line_of: LineOf) -> Iterator[Finding]:
    """The findings; they name files relative to docs/."""
    referring = [one for one in decided if _references(one.document.record)]
    known = {one.document.record.index.text.casefold(): one for one in decided} if referring else {}
    for one in referring:
        for key, code, message in _of_references(one, known):
            line = line_of(one.document.path, key)
            yield Finding(one.document.path, line, key, code, message)
    for one in decided:
        clause = one.document.clause
        message = _of_clause(clause, one, now) if clause and one.decision.extent is Extent.FULL else ""
        if clause and message:
            yield Finding(one.document.path, clause.line, "status", "validity-clause", message)


def _references(record: Record) -> tuple[tuple[str, str], ...]:
    """(field, number) of each document that a record names."""
    successor = (("replaced_by", record.replaced_by),) if record.replaced_by else ()
    return (*(("replaces", number) for number in record.replaces), *successor)


def _of_references(one: Decided, known: Mapping[str, Decided]) -> Iterator[Complaint]:
    record = one.document.record
    own = record.index.text.casefold()
    for key, number in _references(record):
        other = known.get(number.casefold())
        if number.casefold() == own or (other and _is_circular(key, record, other.document.record, known)):
            yield key, "replaces-circular", f"“{number}”与本文件互相取代或取代自己。请改正其中一个"
        elif other is None:
            yield key, "replaces-unknown", f"没有信息索取号是“{number}”的文件，页面上只印号、不带链接。请核对"
        elif other.is_hidden and not one.is_hidden:
            yield key, "replaces-hidden", f"“{number}”没有公开，页面上不会出现它。请核对"
        elif not _is_mirrored(key, own, other.document.record):
            back = "被取代" if key == "replaces" else "取代"
            message = (
                f"{other.document.path} 里没有相应的“{back}: {record.index}”。页面两边都会写明，请在那里补上"
            )
            yield key, "replaces-one-way", message


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
