"""What is wrong with fields: what a reader refused, and what is allowed and most likely a slip.

With it what documents say of each other's validity and of their own: 取代, 被取代, 有效期.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Final

from gongkai.catalogue.order import Decided
from gongkai.checks.protocol import (
    CATALOGUE,
    FALSE_TIME,
    ArchiveRule,
    Fields,
    FieldsRule,
    Kind,
    Read,
    ReadingRule,
    Severity,
    Whole,
)
from gongkai.records.disclosure import Extent
from gongkai.records.findings import Finding
from gongkai.records.numbering import irregularities, standard_document_number
from gongkai.records.record import Record
from gongkai.records.validity_clause import Clause, last_day
from gongkai.records.values import AUDIENCES, Disclosure, Status
from gongkai.records.vocabulary import nearest
from gongkai.site import Site

_Complaint = tuple[str, str, str]  # field, code, message
#: 国办秘函〔2009〕6号 asks for about a hundred characters; twice as many are no abstract.
_LONGEST_DESCRIPTION = 200
_LONGEST_TITLE = 100
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|zip|rar|jpe?g|png)$", re.IGNORECASE)
_MARKUP = re.compile(r"\*\*|</?[a-z]|&(?:nbsp|quot|amp);|\\[nrt]|^#", re.IGNORECASE)
_END = re.compile(r"[。，、；：,;:]$")


def _form(read: Read) -> Iterator[Finding]:
    """What the reader found, and waivers of what nobody may answer for."""
    yield from read.reading.findings
    if read.reading.document:
        for waiver in read.reading.document.record.waivers:
            if message := _unwaivable(waiver.code, read.kinds):
                yield Finding(read.reading.path, "waivers", "field-value", message)


def _unwaivable(code: str, kinds: Mapping[str, Kind]) -> str:
    kind = kinds.get(code)
    if kind is None:
        near = nearest(code, list(kinds))
        remedy = f"是不是“{near}”？" if near else "代码写在检查结果的方括号里。"
        return f"应为检查结果的代码，实为“{code}”。{remedy}"
    if not kind.is_waivable:
        return f"应为可以豁免的代码，实为“{code}”。“{kind.name}”不能豁免，只能改正。请删去这一条。"
    return ""


def _metadata(fields: Fields) -> Iterator[Finding]:
    record, site = fields.document.record, fields.site
    complaints = chain(_numbers(record, site), _names(record, site), _times(record), _words(record))
    for key, code, message in complaints:
        yield Finding(fields.document.path, key, code, message)


def _numbers(record: Record, site: Site) -> Iterator[_Complaint]:
    for code, message in irregularities(record.index, own_code=site.organisation.code, created=record.created):
        yield "index", code, message
    written = record.document_number
    if written and standard_document_number(written) is None:
        message = f"应为“机关代字〔年份〕序号号”（如 示科字〔2025〕8号），实为“{written}”；已照原样保留"
        yield "document_number", "document-number-form", message


def _names(record: Record, site: Site) -> Iterator[_Complaint]:
    columns = [column.name for column in site.columns]
    if record.category and record.category not in columns:
        yield "category", "category-unknown", _not_listed("栏目", record.category, columns)
    departments = list(site.department_by_name)
    if record.department and record.department not in departments:
        yield "department", "department-unknown", _not_listed("部门", record.department, departments)
    if record.audience not in AUDIENCES:
        message = f"“{record.audience}”不是常用的公开范围，按不面向社会处理，本文件不会公开"
        yield "audience", "audience-unknown", message
    elif record.disclosure is Disclosure.PROACTIVE and not record.is_for_everyone:
        message = f"公开方式是主动公开，公开范围却是“{record.audience}”，按不公开处理。请改正其中一项"
        yield "audience", "audience-contradictory", message


def _not_listed(kind: str, name: str, names: list[str]) -> str:
    near = nearest(name, names)
    return f"“{name}”不在本站{kind}表里" + (f"，是不是“{near}”？" if near else "；旧文件照原样保留即可")


def _times(record: Record) -> Iterator[_Complaint]:
    if record.published.date() < record.created:
        message = f"发布时间 {record.published:%Y-%m-%d} 早于生成日期 {record.created}。请核对两个日期"
        yield "published", "published-early", message


def _words(record: Record) -> Iterator[_Complaint]:
    """Complaints about a record's title, abstract and keywords; each rule speaks once."""
    if message := _of_title(record.title):
        yield "title", "title-odd", message
    yield from _of_description(record)
    doubled = [word for word, count in Counter(record.keywords).items() if count > 1]
    if doubled:
        yield "keywords", "keywords-doubled", f"关键词“{'、'.join(doubled)}”写了不止一次。请各留一个"


def _of_title(title: str) -> str:
    if found := _FILE.search(title):
        return f"应为文件名称，结尾却是电脑文件的扩展名“{found[0]}”。请删去"
    if found := _MARKUP.search(title):
        return f"里面有排版符号“{found[0]}”，网页上会照样印出。请删去"
    if found := _END.search(title):
        return f"标题末尾一般没有标点，实为“{found[0]}”。请核对是否多了标点，或少了后半句"
    if len(title) > _LONGEST_TITLE:
        return f"标题有 {len(title)} 字，像是把正文写进来了。请核对"
    return ""


def _of_description(record: Record) -> Iterator[_Complaint]:
    text = record.description
    if len(text) > _LONGEST_DESCRIPTION:
        message = f"应为一两句话，约 100 字，实为 {len(text)} 字。请缩短"
        yield "description", "description-length", message
    elif text and text.rstrip("。") == record.title:
        yield "description", "description-title", "内容概述与标题一样，没有说内容。请写一两句话的摘要，或留空"


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
            yield Finding(path, key, "replaces-circular", f"“{number}”与本文件互相取代或取代自己。请改正其中一个")
        elif other is None:
            yield Finding(
                path, key, "replaces-unknown", f"没有信息索取号是“{number}”的文件，页面上只印号、不带链接。请核对"
            )
        elif other.is_hidden and not one.is_hidden:
            yield Finding(path, key, "replaces-hidden", f"“{number}”没有公开，页面上不会出现它。请核对")
        elif not _is_mirrored(key, own, other.document.record):
            back = "被取代" if key == "replaces" else "取代"
            message = f"{other.document.path} 里没有相应的“{back}: {record.index}”。页面两边都会写明，请在那里补上"
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
            waiting += [name.casefold() for field, name in _references(known[number].document.record) if field == key]
    return False


def _is_mirrored(key: str, own: str, other: Record) -> bool:
    if key == "replaces":
        return other.replaced_by.casefold() == own
    return own in {number.casefold() for number in other.replaces}


def _of_clause(clause: Clause, one: Decided, now: datetime) -> str:
    record = one.document.record
    until = last_day(clause, record)
    is_past = now.astimezone(record.published.tzinfo).date() > until
    states = f"正文写明“{clause.text}”，算到 {until} 为止"
    if is_past and one.decision.validity in (Status.IN_FORCE, Status.AMENDED):
        return f"{states}，已经过了，时效却是“{one.decision.validity}”。请核对后改成失效，或说明已延期"
    if not is_past and one.decision.validity is Status.EXPIRED:
        return f"{states}，还没有到，时效却是“失效”。请核对"
    return ""


_FORM: Final[tuple[tuple[str, Severity, str, str], ...]] = (
    ("file-unreadable", "error", "文件打不开", ""),
    ("encoding", "error", "文件编码无法识别", ""),
    ("front-matter-missing", "error", "没有字段区", ""),
    ("front-matter-unclosed", "error", "字段区没有结束", ""),
    ("yaml-syntax", "error", "字段写法有误", ""),
    ("field-unknown", "error", "没有这个字段", ""),
    ("field-duplicate", "error", "字段重复", ""),
    ("field-missing", "error", "缺少必填字段", "《政府信息公开条例》第十二条、国办秘函〔2009〕6号"),
    ("field-value", "error", "字段值不对", ""),
    ("field-ambiguous", "error", "字段值有两种读法", ""),
    ("read-as", "warning", "已按唯一含义读入", ""),
)
_METADATA: Final = (
    ("index-form", "信息索取号不合规定形式", CATALOGUE),
    ("index-check", "组织机构代码校验位不符", "GB 11714"),
    ("index-organisation", "信息索取号用的是别的单位的代码", CATALOGUE),
    ("index-year", "信息索取号年份与生成日期不同", CATALOGUE),
    ("document-number-form", "文件编号不合规定形式", "GB/T 9704 发文字号"),
    ("category-unknown", "信息类别不是本站栏目", ""),
    ("department-unknown", "责任部门不在部门表里", ""),
    ("audience-unknown", "公开范围不认识", ""),
    ("audience-contradictory", "公开方式与公开范围矛盾", "《政府信息公开条例》第十三条"),
    ("published-early", "发布时间早于生成日期", FALSE_TIME),
    ("title-odd", "标题写法可疑", ""),
    ("description-length", "内容概述太长", f"{CATALOGUE}：内容概述约一百字"),
    ("description-title", "内容概述只是标题", CATALOGUE),
    ("keywords-doubled", "关键词重复", ""),
)
_LIFE_CYCLE: Final[tuple[tuple[str, Severity, str], ...]] = (
    ("replaces-circular", "error", "互相取代"),
    ("replaces-unknown", "warning", "取代的文件不存在"),
    ("replaces-hidden", "warning", "取代的文件没有公开"),
    ("replaces-one-way", "warning", "取代关系只写了一边"),
    ("validity-clause", "warning", "时效与正文写的有效期不符"),
)
RULES: Final[tuple[Kind, ...]] = (
    *(ReadingRule(code, severity, "form", name, why, _form) for code, severity, name, why in _FORM),
    ReadingRule("comment-unclosed", "error", "links", "注释没有结束", "", _form),
    *(FieldsRule(code, "warning", "metadata", name, why, _metadata) for code, name, why in _METADATA),
    *(ArchiveRule(code, severity, "metadata", name, "", check_life_cycle) for code, severity, name in _LIFE_CYCLE),
)
