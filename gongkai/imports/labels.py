"""The labels of fields as old sites and papers print them, and the values beside them."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from gongkai.records.vocabulary import KEY_OF

_ALSO: Final = {
    **{
        "成文日期": "created",
        "发文日期": "created",
        "成文时间": "created",
        "生成时间": "created",
        "印发日期": "created",
    },
    **{"发文机关": "publisher", "发布单位": "publisher", "发文单位": "publisher", "制发机关": "publisher"},
    **{"责任单位": "department", "责任处室": "department", "主题词": "keywords", "关键字": "keywords"},
    **{"公开类别": "category", "信息分类": "category", "栏目": "category", "所属栏目": "category"},
    **{
        "索取号": "index",
        "信息索引号": "index",
        "文件名称": "title",
        "信息名称": "title",
        "文件标题": "title",
    },
    **{"发布日期": "published", "文章来源": "source", "主题分类": "subject", "公开形式": "disclosure"},
    **{"公开期限": "term", "内容概述": "description", "摘要": "description", "公开对象": "audience"},
}
_NOT_TOLD: Final = frozenset(
    ("status", "withdrawn", "changes", "replaces", "replaced_by", "reviewed_by", "attachments")
)
LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {label: key for label, key in {**_ALSO, **KEY_OF}.items() if key not in _NOT_TOLD and not label.isascii()}
)
"""Every label that is understood, to its field."""
_BLANKS: Final = re.compile(r"[\s\u200b\ufeff]+")
_LABELLED: Final = re.compile(r"[•·●▪■◆*\-]?\s*[【\[]?([^:：\]】]{2,14}?)[】\]]?\s*[:：](.*)", re.S)


def key_of(label: str) -> str:
    """The field that a label names, "" for none: 索 引 号： is 索引号."""
    return LABELS.get(_BLANKS.sub("", label).strip("：:【】[]•·●"), "")


def labelled(text: str) -> tuple[str, str]:
    """The label and the value of `标签：值`; two empty words where it is none."""
    match = _LABELLED.fullmatch(text.strip())
    return (_BLANKS.sub("", match[1]), " ".join(match[2].split())) if match else ("", "")
