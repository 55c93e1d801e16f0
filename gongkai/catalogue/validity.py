"""What is said of a document that no longer holds, or holds otherwise than it was published."""

from collections.abc import Mapping

from gongkai.catalogue.order import PublicDocument
from gongkai.records.values import Status

_WORDS: Mapping[Status, str] = {
    Status.REPEALED: "废止",
    Status.EXPIRED: "失效",
    Status.AMENDED: "修改",
}


def validity_notice(public: PublicDocument) -> str:
    """“本文件已于2026-01-31废止：…。”, with day and reason as far as the record tells them; "" for one in force.

    Where 时效 itself tells neither, the last change does: clerks write it there.
    """
    word = _WORDS.get(public.validity)
    if word is None or not public.has_body:
        return ""
    status = public.record.status
    day, reason = status.since, status.reason
    if day is None and not reason and public.record.changes:
        day, reason = public.record.changes[-1].date, public.record.changes[-1].note
    when = f"于{day.isoformat()}" if day else ""
    return f"本文件已{when}{word}" + (f"：{reason.rstrip('。')}。" if reason else "。")
