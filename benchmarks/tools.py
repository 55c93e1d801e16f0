"""The publishing systems compared: how each wants a document written, its settings laid out, and its build called.

A tool works in a folder of its own: documents in `docs/`, the site in `site/`, settings and whatever it keeps beside
them. A cold build starts from `docs/` alone.
"""

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import Paper

ROOT = Path(__file__).parents[1]
NOW = "2026-11-01T09:00"
OURS = "gongkai"
_HUGO = Path(__file__).parent / "hugo"
_MATERIAL = """\
site_name: 示例市科学技术局政府信息公开
site_url: https://gongkai.example/
theme: {name: material, language: zh, font: false, custom_dir: overrides, features: [navigation.indexes]}
plugins: [search]
markdown_extensions: [admonition, attr_list, footnotes, md_in_html, pymdownx.details, pymdownx.superfences, tables, toc: {permalink: true}]
"""


@dataclass(frozen=True)
class Tool:
    """`template` is the file to which the scenario of that name adds `comment`.

    `limit` is the largest archive it is tried on. One that `is_measured_cold_only` rebuilds everything at whatever
    change, at the price of a cold build, and is too dear to show that again for every scenario.
    """

    name: str
    write: Callable[[Paper], str]
    prepare: Callable[[Path], None]
    steps: Sequence[Sequence[str]]
    template: str
    comment: str
    limit: int | None = None
    is_measured_cold_only: bool = False


def gongkai(*, jobs: int | None) -> Tool:
    """This project, from its own working tree."""
    command = [str(Path(sys.executable).parent / "gongkai"), "build", "-f", "mkdocs.yml"]
    folders = ["--docs-dir", "docs", "--site-dir", "site", "--now", NOW]
    workers = ["--jobs", str(jobs)] if jobs else []
    return Tool(
        name=OURS,
        write=_for_us,
        prepare=_copy_settings,
        steps=[[*command, *folders, *workers]],
        template="overrides/document.html",
        comment="\n{# bench #}\n",
    )


def hugo(program: Path, pagefind: Path) -> Tool:
    """Hugo, then Pagefind over its output: two full builds, neither has another kind."""
    clock = f"{NOW}:00+08:00"
    return Tool(
        name="hugo+pagefind",
        write=_for_hugo,
        prepare=lambda folder: _copy_tree(_HUGO, folder),
        steps=[
            [str(program), "--quiet", "--cleanDestinationDir", "--clock", clock],
            [str(pagefind), "--silent", "--site", "site"],
        ],
        template="layouts/page.html",
        comment="\n{{/* bench */}}\n",
    )


def material(program: Path) -> Tool:
    """MkDocs and Material as people ordinarily set them up: documents in the navigation, their search with jieba."""
    return Tool(
        name="mkdocs-material",
        write=_for_material,
        prepare=_lay_out_material,
        steps=[[str(program), "build", "--quiet", "--clean"]],
        template="overrides/main.html",
        comment="\n{# bench #}\n",
        limit=1_000,
        is_measured_cold_only=True,
    )


def _for_us(paper: Paper) -> str:
    """Front matter as staff write it, under Chinese labels."""
    extra = {
        "标题": paper.title,
        "年度": str(paper.year),
        "发布时间": f"{paper.published:%Y-%m-%d %H:%M:%S}",
        "来源": "本局",
        "内容概述": paper.description,
    }
    lines = "".join(f"{key}: {value}\n" for key, value in {**extra, **paper.fields}.items())
    return f"---\n{lines}---\n\n{paper.body}"


def _for_hugo(paper: Paper) -> str:
    front = {
        "title": paper.title,
        "date": paper.published.isoformat(),
        "description": paper.description,
        "years": [str(paper.year)],
        "index": paper.index,
        "department": paper.department,
        "source": "本局",
        "fields": [{"label": label, "value": value} for label, value in paper.fields.items()],
    }
    lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in front.items())
    return f"---\n{lines}---\n\n{paper.body}"


def _for_material(paper: Paper) -> str:
    rows = "".join(f"| {label} | {value} |\n" for label, value in paper.fields.items())
    moment = f"发布时间：{paper.published:%Y-%m-%d %H:%M:%S}　来源：本局"
    front = f"---\ntitle: {paper.title}\ndescription: {paper.description}\n---\n"
    return f"{front}\n# {paper.title}\n\n{moment}\n\n| 字段 | 内容 |\n|---|---|\n{rows}\n{paper.body}"


def _copy_settings(folder: Path) -> None:
    """Our settings and templates, copied, so that a scenario may change them; the hooks stay where they are."""
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    hooks = f"hooks: [{ROOT / 'hooks' / 'events.py'}]"
    if settings.count("hooks: [hooks/events.py]") != 1:
        raise ValueError(f"{ROOT / 'mkdocs.yml'}: expected one line “hooks: [hooks/events.py]”")
    (folder / "mkdocs.yml").write_text(settings.replace("hooks: [hooks/events.py]", hooks), "utf-8")
    _copy_tree(ROOT / "overrides", folder / "overrides")


def _copy_tree(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)


def _lay_out_material(folder: Path) -> None:
    (folder / "mkdocs.yml").write_text(_MATERIAL, "utf-8")
    (folder / "overrides").mkdir()
    (folder / "overrides" / "main.html").write_text('{% extends "base.html" %}\n', "utf-8")
    (folder / "docs" / "index.md").write_text("# 首页\n", "utf-8")
