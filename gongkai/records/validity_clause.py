"""The clause by which a document says how long it holds: “自印发之日起施行，有效期5年”.

《行政规范性文件》的有效期 is written into the text; the record's 时效 ought to agree with it. A sentence counts only where
it speaks of the document itself, so that the validity of a certificate is not taken for it.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.records.chinese import half_width, number_of
from gongkai.records.dates import read_date
from gongkai.records.markdown import prose
from gongkai.records.record import Record

_DATE = r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
_LASTS = re.compile(
    r"有效期限?(?:为|是|：|:)?\s*(?P<count>[1-9]\d?|[一二两三四五六七八九十])\s*(?P<unit>年|个月)"
    r"(?!\s*(?:半|零|又|\d|[一二两三四五六七八九十]))"  # 一年半, 2年6个月: not read by halves
)
_UNTIL = re.compile(rf"有效期限?(?:为|是)?(?:截止?|延长)?(?:至|到)\s*(?P<day>{_DATE})")
_ANOTHER_S = re.compile(r"(?:证|资格|资质|许可|合同|协议|执照|名单|称号)[^,，]*(?:[,，][^,，]*)?有效期")
_FROM = re.compile(rf"自\s*(?P<day>{_DATE})\s*起|自[^，,]{{0,8}}?(?P<event>印发|发布|公布|公开)[^，,]{{0,4}}?起")
_ITSELF = re.compile(r"本(?:办法|规定|通知|意见|细则|方案|措施|规则|公告|文件|制度)")


@dataclass(frozen=True, slots=True)
class Clause:
    """What a body says of its validity; `line` counts from 1 in the file.

    `until` is a last day that is written out; else it holds `months` from `start`, or from 印发 (生成日期) or 发布 where
    `event` says so.
    """

    line: int
    text: str
    until: date | None = None
    months: int = 0
    start: date | None = None
    event: str = ""


def find_clause(body: str, first_line: int = 1) -> Clause | None:
    """The first validity clause in the prose of `body`, whose first line is line `first_line` of its file."""
    if "有效期" not in body:
        return None
    for offset, line in enumerate(prose(body).split("\n")):
        if "有效期" in line:
            for sentence in re.split(r"[。；;]", half_width(line)):
                clause = _clause(sentence, first_line + offset)
                if clause:
                    return clause
    return None


def last_day(clause: Clause, record: Record) -> date:
    """The last day of validity by `clause`; one that holds five years from 1 August ends on 31 July."""
    if clause.until:
        return clause.until
    from_publication = clause.event in ("发布", "公布", "公开")
    start = clause.start or (record.published.date() if from_publication else record.created)
    months = start.year * 12 + start.month - 1 + clause.months
    year, month = months // 12, months % 12 + 1
    last = monthrange(year, month)[1]
    if start.day > last:  # from the 31st into a month that has none: to its end
        return date(year, month, last)
    return date(year, month, start.day) - timedelta(days=1)


def _clause(sentence: str, line: int) -> Clause | None:
    begins = _FROM.search(sentence)
    if not (begins or _ITSELF.search(sentence)) or _ANOTHER_S.search(sentence):
        return None
    until, lasts = _UNTIL.search(sentence), _LASTS.search(sentence)
    text = re.sub(r"\s+", "", sentence)[-60:]
    if until:
        day = _day(until["day"])
        return Clause(line, text, until=day) if day else None
    if not lasts:
        return None
    written = lasts["count"]
    count = int(written) if written.isdecimal() else number_of(written.replace("两", "二"))
    months = count * (12 if lasts["unit"] == "年" else 1)
    start = _day(begins["day"]) if begins and begins["day"] else None
    if begins and begins["day"] and start is None:
        return None
    return Clause(line, text, months=months, start=start, event=(begins["event"] or "") if begins else "")


def _day(text: str) -> date | None:
    try:
        return read_date(text)[0]
    except ValueError:
        return None
