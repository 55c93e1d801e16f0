"""Soft rules on the words of single fields: what is allowed, and most likely a slip."""

import re
from collections import Counter
from collections.abc import Iterator

from gongkai.records.record import Record

Complaint = tuple[str, str, str]  # field, code, message

#: 国办秘函〔2009〕6号 asks for about a hundred characters; twice as many are no abstract.
_LONGEST_DESCRIPTION = 200
_LONGEST_TITLE = 100
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|zip|rar|jpe?g|png)$", re.IGNORECASE)
_MARKUP = re.compile(r"\*\*|</?[a-z]|&(?:nbsp|quot|amp);|\\[nrt]|^#", re.IGNORECASE)
_END = re.compile(r"[。，、；：,;:]$")


def check_words(record: Record) -> Iterator[Complaint]:
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


def _of_description(record: Record) -> Iterator[Complaint]:
    text = record.description
    if len(text) > _LONGEST_DESCRIPTION:
        message = f"应为一两句话，约 100 字，实为 {len(text)} 字。请缩短"
        yield "description", "description-length", message
    elif text and text.rstrip("。") == record.title:
        yield "description", "description-title", "内容概述与标题一样，没有说内容。请写一两句话的摘要，或留空"
