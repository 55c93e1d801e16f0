"""What a build did and why, in words for whoever ran it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.engine.publishing import BuiltUnit, Change, Manifest

KINDS: Mapping[str, str] = {
    "document": "文件页面",
    "listing": "列表页",
    "page": "首页、搜索页等",
    "data": "开放数据",
    "feed": "订阅",
    "sitemap": "网站地图",
    "attachment": "附件",
    "redirect": "旧网址的转向页",
    "frame": "样式、脚本等公用文件",
}
REASONS: Mapping[str, str] = {
    "first": "没有上次的结果可用",
    "new": "新增",
    "damaged": "网站里的文件被改动或删除过",
    "source": "源文件改动",
    "extent": "公开与否有变",
    "links": "所链接的内容有变",
    "history": "版本记录有变",
    "rows": "所列的文件有变",
    "template": "模板改动",
    "settings": "设置改动",
    "code": "程序或库更新",
}


@dataclass(frozen=True, slots=True)
class Report:
    """Reasons by name of the units made, kinds by name of all there are and of those removed."""

    reasons: Mapping[str, str]
    kinds: Mapping[str, str]
    removed: Mapping[str, str]

    def lines(self) -> Iterator[str]:
        """A line for each kind of unit."""
        for kind, name in KINDS.items():
            total = sum(1 for one in self.kinds.values() if one == kind)
            why = Counter(in_words(reason) for unit, reason in self.reasons.items() if self.kinds[unit] == kind)
            removed = sum(1 for one in self.removed.values() if one == kind)
            if total or removed:
                yield _line(name, total, why, removed)

    @property
    def is_nothing(self) -> bool:
        return not self.reasons and not self.removed


def report_of(change: Change) -> Report:
    return Report(change.reasons, {unit.name: unit.kind for unit in change.wanted}, change.removed)


def unchanged(manifest: Manifest) -> Report:
    """The report of a build that found everything as it was."""
    return Report({}, {name: kept.kind for name, kept in manifest.units.items()}, {})


def in_words(reason: str) -> str:
    return "、".join(REASONS[word] for word in reason.split())


def _line(name: str, total: int, why: Counter[str], removed: int) -> str:
    made = why.total()
    text = f"重新生成 {made:,}" if made else "没有重新生成"
    if made:
        text += "（" + "，".join(f"{reason} {count:,}" for reason, count in why.most_common()) + "）"
    kept = f"，沿用 {total - made:,}" if total > made else ""
    return f"{name}：{text}{kept}" + (f"，移除 {removed:,}" if removed else "")


def explained(asked: str, docs_dir: Path, manifest: Manifest, report: Report) -> str:
    """Why what `asked` names (a source, or an address or a file of the site) was made again or not."""
    name = _unit_of(asked, docs_dir, manifest.units)
    if name is None:
        return f"{asked}：网站里没有这一页。请写 docs 里的文件或网站里的地址，如 summaries/2024.md、/years/2024/"
    kind = KINDS[manifest.units[name].kind]
    reason = report.reasons.get(name)
    if reason:
        return f"{asked}（{kind}）：重新生成了，因为{in_words(reason)}。"
    return f"{asked}（{kind}）：沿用上次的结果，它所依据的内容、模板和设置都没有变。"


def _unit_of(asked: str, docs_dir: Path, units: Mapping[str, BuiltUnit]) -> str | None:
    source = Path(asked)
    if source.resolve().is_relative_to(docs_dir):
        asked = source.resolve().relative_to(docs_dir).as_posix()
    if asked in units:
        return asked
    path = asked.strip("/")
    files = {path, f"{path}/index.html" if path else "index.html"}
    return next((name for name, kept in units.items() if not files.isdisjoint(_paths(kept))), None)


def _paths(kept: BuiltUnit) -> Iterable[str]:
    return (path for path, _, _ in kept.made.files)
