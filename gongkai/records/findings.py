"""What is wrong, or was read with some goodwill, in a file; each kind has a stable code.

Severity belongs to the code: an `error` stops a build (the hard rules of the field), a `warning` does not
(the soft ones, which real published pages break).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

from gongkai.records.vocabulary import label

Severity = Literal["error", "warning"]


class Kind(NamedTuple):
    """What findings of one code have in common: their family, severity, a name for people, and the rule behind it.

    `why` names the law, standard or inspection rule; "" where the system itself needs it.
    """

    family: str
    severity: Severity
    name: str
    why: str = ""

    @property
    def can_be_silenced(self) -> bool:
        """Whether a site's settings may keep silent about it: what touches rights or the law is always told."""
        return self.severity == "warning" and self.family not in _ALWAYS_TOLD

    @property
    def is_waivable(self) -> bool:
        """Whether somebody may answer for it in a document; even for an error, where a machine took it for privacy."""
        return self.family == "privacy" or self.can_be_silenced


_ALWAYS_TOLD = ("disclosure", "permanence", "privacy", "secrecy")
#: What families are called.
FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "form": "字段写法",
        "metadata": "字段内容",
        "disclosure": "公开与否",
        "permanence": "公开后不变",
        "privacy": "个人信息",
        "secrecy": "保密",
        "text": "文字",
        "links": "链接",
        "attachments": "附件",
        "structure": "结构",
        "freshness": "更新",
    }
)

_PRIVACY = "《个人信息保护法》第二十五条、《政府信息公开条例》第十五条"
_WRONG_WORDS = "国办秘函〔2019〕19号：错别字"

#: What each code stands for. The staff handbook has a section for each.
CODES: Mapping[str, Kind] = MappingProxyType(
    {
        "file-unreadable": Kind("form", "error", "文件打不开"),
        "encoding": Kind("form", "error", "文件编码无法识别"),
        "front-matter-missing": Kind("form", "error", "没有字段区"),
        "front-matter-unclosed": Kind("form", "error", "字段区没有结束"),
        "yaml-syntax": Kind("form", "error", "字段写法有误"),
        "field-unknown": Kind("form", "error", "没有这个字段"),
        "field-duplicate": Kind("form", "error", "字段重复"),
        "field-missing": Kind(
            "form", "error", "缺少必填字段", "《政府信息公开条例》第十二条、国办秘函〔2009〕6号"
        ),
        "field-value": Kind("form", "error", "字段值不对"),
        "field-ambiguous": Kind("form", "error", "字段值有两种读法"),
        "index-duplicate": Kind("metadata", "error", "信息索取号重复", "国办秘函〔2009〕6号：索引号一件一号"),
        "address-duplicate": Kind("structure", "error", "网址重复"),
        "path-column": Kind("structure", "error", "文件不在栏目文件夹里"),
        "path-reserved": Kind("structure", "error", "文件名为系统保留"),
        "attachment-missing": Kind("attachments", "error", "附件不存在", "国办秘函〔2019〕19号：附件打不开"),
        "attachment-unfit": Kind("attachments", "error", "附件不能公开"),
        "attachment-scanned": Kind("attachments", "warning", "附件没有文字"),
        "attachment-unreadable": Kind(
            "attachments", "warning", "附件内容读不出来", "国办秘函〔2019〕19号：附件打不开"
        ),
        "attachment-cut": Kind("attachments", "warning", "附件太大，没有全部读入"),
        "attachment-unchecked": Kind("attachments", "warning", "附件没有检查内容"),
        "comment-unclosed": Kind("links", "error", "注释没有结束"),
        "link-invalid": Kind("links", "error", "链接写法不对"),
        "link-hidden": Kind("links", "error", "链接到不公开的内容"),
        "index-changed": Kind("permanence", "error", "公开后改了信息索取号"),
        "index-reused": Kind("permanence", "error", "信息索取号已给了别的文件"),
        "published-missing": Kind("permanence", "error", "公开过的文件不见了"),
        "published-hidden": Kind("permanence", "error", "公开过的文件变成不公开"),
        "published-changed": Kind(
            "permanence", "error", "公开后改了发布时间", "国办秘函〔2019〕19号：虚假发布时间单项否决"
        ),
        "published-back-dated": Kind(
            "permanence", "error", "发布时间倒填", "国办秘函〔2019〕19号：虚假发布时间单项否决"
        ),
        "published-before-created": Kind(
            "permanence", "error", "新文件还没有形成就公开", "国办秘函〔2019〕19号：虚假发布时间单项否决"
        ),
        "withdrawal-undone": Kind("permanence", "error", "撤回的文件重新公开"),
        "replaces-circular": Kind("metadata", "error", "互相取代"),
        "register-broken": Kind("permanence", "error", "登记簿读不出来"),
        "register-rewritten": Kind("permanence", "error", "登记簿被改写"),
        "privacy-identity": Kind("privacy", "error", "像是身份证号", f"{_PRIVACY}；GB 11643"),
        "privacy-mobile": Kind("privacy", "error", "像是手机号码", _PRIVACY),
        "privacy-bank-card": Kind("privacy", "error", "像是银行卡号", _PRIVACY),
        "privacy-passport": Kind("privacy", "error", "像是护照或通行证号", _PRIVACY),
        "privacy-address": Kind("privacy", "error", "像是家庭住址", _PRIVACY),
        "secret-mark": Kind(
            "secrecy", "error", "有密级或内部标志", "《保守国家秘密法》、《政府信息公开条例》第十四条"
        ),
        "link-missing": Kind("links", "warning", "链接的文件不存在", "国办秘函〔2019〕19号：链接不可用"),
        "read-as": Kind("form", "warning", "已按唯一含义读入"),
        "index-form": Kind("metadata", "warning", "信息索取号不合规定形式", "国办秘函〔2009〕6号"),
        "index-check": Kind("metadata", "warning", "组织机构代码校验位不符", "GB 11714"),
        "index-organisation": Kind(
            "metadata", "warning", "信息索取号用的是别的单位的代码", "国办秘函〔2009〕6号"
        ),
        "index-year": Kind("metadata", "warning", "信息索取号年份与生成日期不同", "国办秘函〔2009〕6号"),
        "document-number-form": Kind("metadata", "warning", "文件编号不合规定形式", "GB/T 9704 发文字号"),
        "category-unknown": Kind("metadata", "warning", "信息类别不是本站栏目"),
        "department-unknown": Kind("metadata", "warning", "责任部门不在部门表里"),
        "audience-unknown": Kind("metadata", "warning", "公开范围不认识"),
        "audience-contradictory": Kind(
            "metadata", "warning", "公开方式与公开范围矛盾", "《政府信息公开条例》第十三条"
        ),
        "published-early": Kind(
            "metadata", "warning", "发布时间早于生成日期", "国办秘函〔2019〕19号：虚假发布时间单项否决"
        ),
        "published-narrowed": Kind("permanence", "warning", "公开过的正文改为依申请公开"),
        "change-unnoted": Kind("permanence", "warning", "改了公开的内容没有说明"),
        "replaces-unknown": Kind("metadata", "warning", "取代的文件不存在"),
        "replaces-hidden": Kind("metadata", "warning", "取代的文件没有公开"),
        "replaces-one-way": Kind("metadata", "warning", "取代关系只写了一边"),
        "validity-clause": Kind("metadata", "warning", "时效与正文写的有效期不符"),
        "file-unlisted": Kind("attachments", "warning", "没有文件列出的附件"),
        "register-behind": Kind("permanence", "warning", "登记簿没有跟上"),
        "body-empty": Kind("structure", "warning", "正文为空"),
        "published-late": Kind(
            "metadata",
            "warning",
            "超过二十个工作日才公开",
            "《政府信息公开条例》第二十六条：自形成之日起二十个工作日内公开",
        ),
        "calendar-ends": Kind("metadata", "warning", "没有这一年的放假安排"),
        "fields-empty": Kind(
            "metadata",
            "warning",
            "栏目里有文件缺少目录要素",
            "《政府信息公开条例》第十二条、国办秘函〔2009〕6号",
        ),
        "title-odd": Kind("metadata", "warning", "标题写法可疑"),
        "title-year": Kind("metadata", "warning", "年度与标题里的年份不同"),
        "description-length": Kind(
            "metadata", "warning", "内容概述太长", "国办秘函〔2009〕6号：内容概述约一百字"
        ),
        "description-title": Kind("metadata", "warning", "内容概述只是标题", "国办秘函〔2009〕6号"),
        "keywords-doubled": Kind("metadata", "warning", "关键词重复"),
        "waiver-unused": Kind("metadata", "warning", "豁免没有用到"),
        "link-anchor": Kind("links", "warning", "链接的标题不存在", "国办秘函〔2019〕19号：链接不可用"),
        "link-external": Kind("links", "warning", "链接到站外", "国办发〔2017〕47号：链接非政府网站应有提示"),
        "link-dead": Kind("links", "warning", "站外链接打不开", "国办秘函〔2019〕19号：链接不可用"),
        "heading-title": Kind("structure", "warning", "正文里重写了标题"),
        "heading-jump": Kind("structure", "warning", "标题跳级", "GB/T 37668-2019"),
        "section-empty": Kind("structure", "warning", "标题下面没有内容"),
        "image-alt": Kind(
            "structure", "warning", "图片没有文字说明", "GB/T 37668-2019：非文本内容应有替代文本"
        ),
        "image-large": Kind("structure", "warning", "图片太大"),
        "column-empty": Kind("freshness", "warning", "空白栏目", "国办秘函〔2019〕19号：空白栏目"),
        "column-stale": Kind(
            "freshness", "warning", "栏目没有及时更新", "国办秘函〔2019〕19号：栏目更新不及时"
        ),
        "series-gap": Kind("freshness", "warning", "每年一份的文件缺了年份"),
        "series-undated": Kind("freshness", "warning", "看不出是哪一年的"),
        "privacy-email": Kind("privacy", "warning", "像是电子邮箱", _PRIVACY),
        "privacy-plate": Kind("privacy", "warning", "像是车牌号", _PRIVACY),
        "property-personal": Kind("privacy", "warning", "文件属性里有姓名或位置", _PRIVACY),
        "attachment-tracked": Kind("attachments", "warning", "附件里有修订或批注"),
        "attachment-hidden": Kind("attachments", "warning", "附件里有隐藏内容"),
        "date-damaged": Kind("text", "warning", "日期像是缺了字或多了字", _WRONG_WORDS),
        "number-damaged": Kind("text", "warning", "数字后面像是缺了量词", _WRONG_WORDS),
        "quotes-unbalanced": Kind(
            "text", "warning", "引号、书名号或括号没有配成对", "GB/T 15834 标点符号用法"
        ),
        "half-width-punctuation": Kind("text", "warning", "汉字旁边用了半角标点", "GB/T 15834 标点符号用法"),
        "doubled-characters": Kind("text", "warning", "有字或标点像是重复了", _WRONG_WORDS),
        "doubled-phrase": Kind("text", "warning", "有词语像是重复了", _WRONG_WORDS),
        "sentence-run-on": Kind(
            "text", "warning", "句子没有断开，或段末缺少标点，像是有脱漏", "GB/T 15834 标点符号用法"
        ),
        "character-damaged": Kind("text", "warning", "有无法辨认的字符（乱码）", _WRONG_WORDS),
        "word-banned": Kind("text", "warning", "用了不该用的词", _WRONG_WORDS),
        "figure-count": Kind("text", "warning", "件数与清单对不上"),
        "figure-share": Kind("text", "warning", "百分比与数字对不上"),
        "figure-sum": Kind("text", "warning", "合计与各项对不上"),
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
    def kind(self) -> Kind:
        return CODES[self.code]

    @property
    def severity(self) -> Severity:
        return self.kind.severity

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def __str__(self) -> str:
        """The line a clerk reads: `docs/summaries/2017.md:5: 生成日期: 应为…，实为…`."""
        where = f"{self.path}:{self.line}: " + (f"{label(self.field)}: " if self.field else "")
        return f"{where}{self.message}"


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.is_error for finding in findings)
