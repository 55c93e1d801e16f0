"""The push report in words: for a terminal, and as a comment on a merge request."""

import re
from collections.abc import Iterator
from typing import Final

from gongkai.checks.push_report import Fate, Item, PushReport

#: So many items of a kind are told one by one; who imports ten thousand documents has their number.
MOST: Final = 30

HEADINGS: Final = {
    Fate.APPEARS: "将要公开",
    Fate.CHANGES: "公开的内容有变化",
    Fate.DISAPPEARS: "不再公开",
    Fate.SCHEDULED: "到时自动公开",
    Fate.STAYS_HIDDEN: "不公开",
}
_NOTHING: Final = "这次推送不改变公众看到的内容。"
_MARKUP: Final = re.compile(r"[\\`*_{}\[\]<>()#|@&~!:]")


def as_text(report: PushReport, *, site: str = "", preview: str = "") -> str:
    """Lines for a terminal; `site` and `preview` are addresses that pages stand below, "" where there are none."""
    lines = [_NOTHING] if not report.items else []
    for fate, heading in HEADINGS.items():
        items = report.of(fate)
        if items:
            lines.append(f"{heading}（{len(items)} 件）：")
            lines += [
                f"  {line}" for item in items[:MOST] for line in _lines(item, _below(preview or site, item))
            ]
            lines += [f"  ……还有 {len(items) - MOST} 件"] if len(items) > MOST else []
    return "\n".join(lines)


def _lines(item: Item, address: str) -> Iterator[str]:
    yield f"《{item.title}》（{item.number}）docs/{item.path}"
    yield from (f"    {detail}" for detail in item.details)
    if address:
        yield f"    {address}"


def as_markdown(report: PushReport, *, site: str = "", preview: str = "") -> str:
    """A comment on a merge request; nothing in a title or a field can act as markup there."""
    blocks = ["### 推送报告"]
    if preview:
        blocks.append(f"预览：<{preview}>（只有知道网址的人能看到，不会被搜索引擎收录）")
    if not report.items:
        blocks.append(_NOTHING)
    for fate, heading in HEADINGS.items():
        items = report.of(fate)
        if items:
            rows = [_entry(item, _below(preview or site, item)) for item in items[:MOST]]
            rows += [f"- ……还有 {len(items) - MOST} 件"] if len(items) > MOST else []
            blocks.append(f"**{heading}（{len(items)} 件）**\n\n" + "\n".join(rows))
    return "\n\n".join(blocks) + "\n"


def _entry(item: Item, address: str) -> str:
    title = f"《{_plain(item.title)}》"
    shown = f"[{title}](<{address}>)" if address else title
    details = "；".join(_plain(detail) for detail in item.details)
    return f"- {shown}（{_plain(item.number)}），docs/{_plain(item.path)}：{details}"


def _below(base: str, item: Item) -> str:
    return f"{base.rstrip('/')}/{item.url}" if base and item.url else ""


def _plain(text: str) -> str:
    """Text in which no character is markup, a mention or a reference; each becomes one of HTML's."""
    return _MARKUP.sub(lambda mark: f"&#{ord(mark[0])};", " ".join(text.split()))
