"""What the public may see of a document at an instant: the one place where that is decided.

《政府信息公开条例》 arts. 13-16 and 27, and the life cycle of the field: only 主动公开 with an audience of the whole
public shows its body; 依申请公开 shows that it exists; everything unknown or contradictory shows nothing. Whatever is
printed is printed of `public_part`, which holds no more than the decision allows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from gongkai.records.record import Record
from gongkai.records.values import IN_FORCE, Disclosure, Status, Validity


class Extent(StrEnum):
    """How much becomes public, most first."""

    FULL = "full"
    ROW = "row"
    TOMBSTONE = "tombstone"
    NOTHING = "nothing"

    @property
    def rank(self) -> int:
        """A number that is the higher the more becomes public, 0 for nothing at all."""
        least_first = tuple(Extent)[::-1]
        return least_first.index(self)


@dataclass(frozen=True, slots=True)
class Decision:
    """How much is public, why (in words for the page and the push report), and how lists mark it ("" is not at all).

    `validity` is 时效 at the instant; `is_on_request` says that one may apply for the body; `notes` is how many of the
    record's changes, oldest first, have come about.
    """

    extent: Extent
    reason: str
    mark: str = ""
    validity: Status = Status.IN_FORCE
    is_on_request: bool = False
    notes: int = 0


_FULL = Decision(Extent.FULL, "主动公开")
_MARKS = {Status.REPEALED: "已废止", Status.EXPIRED: "已失效", Status.AMENDED: "已修改"}


def decide(record: Record, now: datetime) -> Decision:
    """What of `record` is public at `now` (aware), and why."""
    today = now.astimezone(record.published.tzinfo).date()
    hidden = _why_hidden(record, now)
    if hidden:
        return Decision(Extent.NOTHING, hidden)
    if record.withdrawn and record.withdrawn.date <= today:
        when = record.withdrawn.date.isoformat()
        return Decision(Extent.TOMBSTONE, f"本文件已于{when}撤回：{_sentence(record.withdrawn.reason)}", "已撤回")
    validity = validity_at(record, today)
    if record.disclosure is Disclosure.ON_REQUEST:
        reason = "本文件依申请公开，不在网上公布正文。"
        return Decision(Extent.ROW, reason, "依申请公开", validity, is_on_request=True)
    if record.term.last_day and today > record.term.last_day:
        reason = f"本文件限时公开，公开期已于{record.term.last_day.isoformat()}结束。"
        return Decision(Extent.ROW, reason, "公开期已结束", validity)
    notes = sum(1 for change in record.changes if change.date <= today)
    if not notes and validity is Status.IN_FORCE:
        return _FULL
    return Decision(Extent.FULL, "主动公开", _MARKS.get(validity, ""), validity, notes=notes)


def public_part(record: Record, decision: Decision) -> Record:
    """`record` with nothing in it that `decision` does not let out; raises ValueError where that is nothing at all.

    Who reviewed a document and which findings the bureau waived are never public. What tells of the body goes with the
    body, and of a withdrawn document only what identifies it is left.
    """
    if decision.extent is Extent.NOTHING:
        raise ValueError("nothing of this document is public")
    withheld: dict[str, object] = {}
    if record.reviewed_by:
        withheld["reviewed_by"] = ""
    if record.waivers:
        withheld["waivers"] = ()
    if len(record.changes) > decision.notes:
        withheld["changes"] = record.changes[: decision.notes]
    if record.status != IN_FORCE:
        withheld["status"] = _public_validity(record.status, decision)
    if record.withdrawn and decision.extent is not Extent.TOMBSTONE:
        withheld["withdrawn"] = None
    if decision.extent is not Extent.FULL:
        withheld |= {"attachments": (), "description": "", "keywords": (), "changes": ()}
    if decision.extent is Extent.TOMBSTONE:
        withheld |= {"source": "", "subject": "", "genre": "", "publisher": "", "year": None}
    return record.model_copy(update=withheld) if withheld else record


class Coming(NamedTuple):
    """The greatest extent to which a document is or will become public without an edit, and the record's public parts."""

    extent: Extent
    parts: tuple[Record, ...]


def coming(record: Record, now: datetime) -> Coming:
    """What is public of `record` at `now` or will be later, if nobody changes the file."""
    moments = (now, *sorted(point for point in turning_points(record) if point > now))
    decisions = [found for moment in moments if (found := decide(record, moment)).extent is not Extent.NOTHING]
    extent = next((one for one in Extent if any(found.extent is one for found in decisions)), Extent.NOTHING)
    return Coming(extent, tuple(public_part(record, found) for found in decisions))


def _public_validity(status: Validity, decision: Decision) -> Validity:
    """时效 as far as it has come about; its day and reason tell of the body."""
    if decision.validity is Status.IN_FORCE or status.state is not decision.validity:
        return IN_FORCE
    return status if decision.extent is Extent.FULL else Validity(status.state)


def validity_at(record: Record, today: date) -> Status:
    """时效 on `today`: a state that begins on a later day does not hold yet."""
    is_yet_to_come = record.status.since is not None and record.status.since > today
    return Status.IN_FORCE if is_yet_to_come else record.status.state


def turning_points(record: Record) -> Iterator[datetime]:
    """The instants from which `decide` may say something else: embargo, limited term, withdrawal, validity, notes."""
    yield record.published
    zone = record.published.tzinfo
    days = [change.date for change in record.changes]
    if record.term.last_day:
        days.append(record.term.last_day + timedelta(days=1))
    if record.withdrawn:
        days.append(record.withdrawn.date)
    if record.status.since:
        days.append(record.status.since)
    for day in days:
        yield datetime.combine(day, time.min, zone)


def _why_hidden(record: Record, now: datetime) -> str:
    if record.status.state is Status.DRAFT:
        return "草稿，尚未发布"
    if record.published > now:
        return "发布时间未到"
    return _why_withheld(record) or _why_contradictory(record)


def _why_withheld(record: Record) -> str:
    if record.disclosure is Disclosure.WITHHELD:
        return "不予公开"
    is_for_applicants = record.disclosure is Disclosure.ON_REQUEST and record.audience == "面向申请人"
    if not record.is_for_everyone and not is_for_applicants:
        return f"公开范围是“{record.audience}”，不面向社会"
    return ""


def _why_contradictory(record: Record) -> str:
    day = record.published.date()
    if record.withdrawn and record.withdrawn.date < day:
        return "发布之前已经撤回"
    if record.term.last_day and record.term.last_day < day:
        return "公开时限在发布时间之前就已结束"
    return ""


def _sentence(text: str) -> str:
    return text if text.endswith(("。", "！", "？")) else f"{text}。"
