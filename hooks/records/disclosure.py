"""What the public may see of a document at an instant: the one place where that is decided.

《政府信息公开条例》 arts. 13-16 and 27, and the life cycle of the field: only 主动公开 with an audience of the whole
public shows its body; 依申请公开 shows that it exists; everything unknown or contradictory shows nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from hooks.records.record import Disclosure, Record, Status


class Extent(StrEnum):
    """How much becomes public, most first."""

    FULL = "full"
    ROW = "row"
    TOMBSTONE = "tombstone"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Decision:
    extent: Extent
    reason: str


def decide(record: Record, now: datetime) -> Decision:
    """What of `record` is public at `now` (aware), and why, in words for the page and the push report."""
    hidden = _why_hidden(record, now)
    if hidden:
        return Decision(Extent.NOTHING, hidden)
    if record.withdrawn:
        return Decision(
            Extent.TOMBSTONE, f"本文件已于{record.withdrawn.date.isoformat()}撤回：{record.withdrawn.reason}"
        )
    if record.disclosure is Disclosure.ON_REQUEST:
        return Decision(Extent.ROW, "本文件依申请公开，不在网上公布正文。")
    last_day = record.term.last_day
    if last_day and now.astimezone(record.published.tzinfo).date() > last_day:
        return Decision(Extent.ROW, f"本文件限时公开，公开期已于{last_day.isoformat()}结束。")
    return Decision(Extent.FULL, "主动公开")


def turning_points(record: Record) -> Iterator[datetime]:
    """The instants from which `decide` may say something else: the end of an embargo, the end of a limited term."""
    yield record.published
    if record.term.last_day:
        after = record.term.last_day + timedelta(days=1)
        yield datetime.combine(after, time.min, record.published.tzinfo)


def _why_hidden(record: Record, now: datetime) -> str:
    if record.status is Status.DRAFT:
        return "草稿，尚未发布"
    if record.published > now:
        return "发布时间未到"
    if record.disclosure is Disclosure.WITHHELD:
        return "不予公开"
    if record.disclosure is Disclosure.PROACTIVE and not record.is_for_everyone:
        return f"公开范围是“{record.audience}”，不面向社会"
    if record.disclosure is Disclosure.ON_REQUEST and not (
        record.is_for_everyone or record.audience == "面向申请人"
    ):
        return f"公开范围是“{record.audience}”，不面向社会"
    return ""
