"""What is wrong, or was read with some goodwill, in a file; each kind has a stable code.

Severity belongs to the code: an `error` stops a build (the hard rules of the field), a `warning` does not
(the soft ones, which real published pages break).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from hooks.records.vocabulary import label

Severity = Literal["error", "warning"]

#: Code → severity and a name for people. The staff handbook has a section for each.
CODES: Mapping[str, tuple[Severity, str]] = MappingProxyType(
    {
        "file-unreadable": ("error", "文件打不开"),
        "encoding": ("error", "文件编码无法识别"),
        "front-matter-missing": ("error", "没有字段区"),
        "front-matter-unclosed": ("error", "字段区没有结束"),
        "yaml-syntax": ("error", "字段写法有误"),
        "field-unknown": ("error", "没有这个字段"),
        "field-duplicate": ("error", "字段重复"),
        "field-missing": ("error", "缺少必填字段"),
        "field-value": ("error", "字段值不对"),
        "field-ambiguous": ("error", "字段值有两种读法"),
        "index-duplicate": ("error", "信息索取号重复"),
        "address-duplicate": ("error", "网址重复"),
        "path-column": ("error", "文件不在栏目文件夹里"),
        "path-reserved": ("error", "文件名为系统保留"),
        "attachment-missing": ("error", "附件不存在"),
        "attachment-unfit": ("error", "附件不能公开"),
        "attachment-scanned": ("warning", "附件没有文字"),
        "attachment-unreadable": ("warning", "附件内容读不出来"),
        "attachment-cut": ("warning", "附件太大，没有全部读入"),
        "comment-unclosed": ("error", "注释没有结束"),
        "link-invalid": ("error", "链接写法不对"),
        "link-hidden": ("error", "链接到不公开的内容"),
        "index-changed": ("error", "公开后改了信息索取号"),
        "index-reused": ("error", "信息索取号已给了别的文件"),
        "published-missing": ("error", "公开过的文件不见了"),
        "published-hidden": ("error", "公开过的文件变成不公开"),
        "published-changed": ("error", "公开后改了发布时间"),
        "published-back-dated": ("error", "发布时间倒填"),
        "published-before-created": ("error", "新文件还没有形成就公开"),
        "withdrawal-undone": ("error", "撤回的文件重新公开"),
        "replaces-circular": ("error", "互相取代"),
        "register-broken": ("error", "登记簿读不出来"),
        "register-rewritten": ("error", "登记簿被改写"),
        "link-missing": ("warning", "链接的文件不存在"),
        "read-as": ("warning", "已按唯一含义读入"),
        "index-form": ("warning", "信息索取号不合规定形式"),
        "index-check": ("warning", "组织机构代码校验位不符"),
        "index-organisation": ("warning", "信息索取号用的是别的单位的代码"),
        "index-year": ("warning", "信息索取号年份与生成日期不同"),
        "document-number-form": ("warning", "文件编号不合规定形式"),
        "category-unknown": ("warning", "信息类别不是本站栏目"),
        "department-unknown": ("warning", "责任部门不在部门表里"),
        "audience-unknown": ("warning", "公开范围不认识"),
        "audience-contradictory": ("warning", "公开方式与公开范围矛盾"),
        "published-early": ("warning", "发布时间早于生成日期"),
        "published-narrowed": ("warning", "公开过的正文改为依申请公开"),
        "change-unnoted": ("warning", "改了公开的内容没有说明"),
        "replaces-unknown": ("warning", "取代的文件不存在"),
        "replaces-hidden": ("warning", "取代的文件没有公开"),
        "replaces-one-way": ("warning", "取代关系只写了一边"),
        "validity-clause": ("warning", "时效与正文写的有效期不符"),
        "file-unlisted": ("warning", "没有文件列出的附件"),
        "register-behind": ("warning", "登记簿没有跟上"),
        "body-empty": ("warning", "正文为空"),
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One finding; `line` counts from 1, `field` is an English key or empty."""

    path: str
    line: int
    field: str
    code: str
    message: str

    @property
    def severity(self) -> Severity:
        return CODES[self.code][0]

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def __str__(self) -> str:
        """The line a clerk reads: `docs/summaries/2017.md:5: 生成日期: 应为…，实为…`."""
        where = f"{self.path}:{self.line}: " + (f"{label(self.field)}: " if self.field else "")
        return f"{where}{self.message}"


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.is_error for finding in findings)
