"""The fields of a document's front matter: key, Chinese label, what it means.

One table for everything that names a field: the reader of front matter, the JSON Schema, the field table on the
page and the staff handbook. Labels follow 国办秘函〔2009〕6号 and the practice of the pages the project is made for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class FieldName:
    key: str
    label: str
    meaning: str
    also: tuple[str, ...] = ()


FIELDS: tuple[FieldName, ...] = (
    FieldName("title", "标题", "文件名称", ("名称",)),
    FieldName("category", "信息类别", "所属栏目的名称，可以留空"),
    FieldName("document_number", "文件编号", "发文字号，如“示科字〔2025〕8号”，没有就留空", ("发文字号", "文号")),
    FieldName("disclosure", "公开方式", "主动公开、依申请公开或不予公开", ("公开属性",)),
    FieldName("created", "生成日期", "文件签发或形成的日期，如 2018-07-26"),
    FieldName("term", "公开时限", "常年公开，或限时公开的最后一天，如“限时公开至2026-12-31”"),
    FieldName("audience", "公开范围", "面向全社会、面向申请人、面向本机关等；只有面向全社会的才会公开正文"),
    FieldName("index", "信息索取号", "永久标识，如 SLKJ00012/2025-00001；一经使用，永不更改、永不重复", ("索引号",)),
    FieldName("department", "责任部门", "对内容负责的科室，可以留空"),
    FieldName("published", "发布时间", "首次对公众公开的日期和时间，如 2018-07-26 09:55:00", ("发布日期",)),
    FieldName("source", "来源", "信息来源，如“本局”", ("信息来源",)),
    FieldName("year", "年度", "总结、计划、年报所说的年份，如 2025"),
    FieldName("status", "时效", "有效、已修改、废止、失效或草稿；不写就是有效"),
    FieldName("withdrawn", "撤回", "撤回的日期和原因，例：{date: 2026-01-31, reason: 数据有误}"),
    FieldName("changes", "更正", "更正和修改记录，每条有日期和说明", ("变更记录",)),
    FieldName("replaces", "取代", "本文件取代的文件的信息索取号"),
    FieldName("replaced_by", "被取代", "取代本文件的文件的信息索取号"),
    FieldName("reviewed_by", "审核", "公开前的保密审查人或审查部门"),
    FieldName("waivers", "豁免", "不算问题的检查结果，写明代码、原因和批准人，例：{代码: …, 原因: …, 批准: …}"),
    FieldName("attachments", "附件", "附件清单，写文件名，或写 {file: 文件名, title: 显示名称}"),
    FieldName("description", "内容概述", "一两句话的摘要，约100字"),
    FieldName("keywords", "关键词", "关键词清单，用顿号分开"),
    FieldName("subject", "主题分类", "国务院公文主题分类"),
    FieldName("genre", "体裁分类", "文种，如通知、公告、报告", ("文种",)),
    FieldName("publisher", "发布机构", "发布机关的规范全称"),
)

BY_KEY: Mapping[str, FieldName] = MappingProxyType({field.key: field for field in FIELDS})

#: Every accepted spelling of a field's name to its key.
KEY_OF: Mapping[str, str] = MappingProxyType(
    {name: field.key for field in FIELDS for name in (field.key, field.label, *field.also)}
)

#: The statutory field table, in the order in which pages print it.
TABLE: tuple[str, ...] = (
    "category",
    "document_number",
    "disclosure",
    "created",
    "term",
    "audience",
    "index",
    "department",
)


def label(key: str) -> str:
    """The Chinese label of a field, or the key itself when it is not one of ours."""
    field = BY_KEY.get(key)
    return field.label if field else key


def nearest(word: str, words: tuple[str, ...] | list[str], *, likeness: float = 0.5) -> str | None:
    """The word most like `word`, if any is at least so like it (difflib's ratio, 0 to 1)."""
    found = get_close_matches(word, words, n=1, cutoff=likeness)
    return found[0] if found else None
