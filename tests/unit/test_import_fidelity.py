"""An import keeps the text character for character, and every departure from it is found."""

import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mkdocs.utils.yaml import get_yaml_loader, yaml_load

from gongkai.imports.fidelity import Difference, compared
from gongkai.imports.outline import lines_of, to_markdown
from gongkai.imports.page import Page
from gongkai.imports.text_page import read_flattened
from tests.budgets import budget

ROOT = Path(__file__).parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
HEAD = "题\n\n发布时间:2018-07-26 来源:本网字体: [ ]\n\n• 信息索取号: 甲/2018-1\n\n正文。\n"

Configs = dict[str, dict[str, object]]


def compare(
    source: str, markdown: str, *, extensions: list[str], extension_configs: Configs | None = None
) -> tuple[Difference, ...]:
    page = Page(fields={}, body=markdown, source=tuple(lines_of(source)))
    return differences(page, extensions, extension_configs)


def differences(page: Page, extensions: list[str], extension_configs: Configs | None = None) -> tuple[Difference, ...]:
    return compared(page, extensions=extensions, extension_configs=extension_configs).differences


def site_extensions() -> tuple[list[str], Configs]:
    """What `mkdocs build` renders with: its own three and those of mkdocs.yml."""
    with (ROOT / "mkdocs.yml").open(encoding="utf-8") as file:
        listed = yaml_load(file, loader=get_yaml_loader())["markdown_extensions"]
    configs: Configs = {}
    for extension in listed:
        configs.update(extension if isinstance(extension, dict) else {extension: {}})
    return ["toc", "tables", "fenced_code", *(key for key in configs if key not in ("toc", "tables"))], configs


EXTENSIONS, CONFIGS = site_extensions()
# Others that a site may switch on: the import must not lean on their absence.
MORE_EXTENSIONS = [
    *EXTENSIONS,
    *("abbr", "attr_list", "def_list", "md_in_html", "sane_lists"),
    *("pymdownx.betterem", "pymdownx.blocks.admonition", "pymdownx.keys", "pymdownx.mark"),
    *("pymdownx.snippets", "pymdownx.tabbed", "pymdownx.tasklist", "pymdownx.tilde"),
]
MORE_CONFIGS: Configs = {**CONFIGS, "pymdownx.tilde": {"subscript": False}}

OPENINGS = r"""
| - | + | * |-|1. |12) |１. |# |## |> |    |　　|```|~~~|!!! note|??? x|???+ x|[^1]: |[a]: http://b.cn|*[AB]: |---
|===|=== "x"|***|* * *|- - -|___|[TOC]|<div>|</div>|<script>|<!-- |--> |<?php |<![CDATA[|: x|::: y|/// note|--8<--
|一、|1.|2、|（一）|(二)|甲：|附件：|• |title: x|\|{: .c}|@
""".replace("\n", "").split("|")
TABLE_ROWS = ("| a | b |", "|---|---|", "a | b", "--|--")
BITS = r"""
* ** _ __ ` `` [ ] ( ) < > & &amp; &#65; &#x41; &copy &lt # \ \* { } {:.a} ! ![a](b) [a](b) [a][b] [^1] ~ ~~ = == + ++
- -- ... | <b> </b> <http://a.cn> http://a.cn/a_b#c a@b.cn 汉 字 。 ， ： : ； “ ” 《 》 a AB 1 2018年 R&D 5+1 1~2 :smile:
wzxhzdk:0 klzzwxh:0000 {{ {% {++a++} 汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉汉
""".split()  # noqa: SIM905 - seventy lines of quoted marks say no more
BLANKS = ("  ", " ", "\u3000", "\xa0", "\t", "\u2028", "\x0b", "\x1c", "\x85", "\ufeff", "\u200b")

any_words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
nasty_words = st.lists(st.sampled_from([*BITS, *BLANKS]), max_size=8).map("".join)
nasty_lines = st.builds(
    "{}{}{}{}".format,
    st.sampled_from([*OPENINGS, *TABLE_ROWS, *BLANKS]),
    nasty_words | any_words,
    st.sampled_from(["", "。", ":", "：", "  ", "#", "\\"]),
    st.sampled_from(["\n", "\n\n", "\r\n", "\r"]),
)
nasty_bodies = st.lists(nasty_lines, max_size=9).map("".join)
changes = st.tuples(st.integers(0, 60), st.integers(0, 9), st.text("甲乙丙丁", max_size=4))


@settings(max_examples=budget(100, 400))
@given(nasty_bodies)
def test_no_character_of_any_body_is_lost_added_or_changed(body: str) -> None:
    page = read_flattened(HEAD + body)

    assert differences(page, EXTENSIONS, CONFIGS) == ()


@settings(max_examples=budget(50, 200))
@given(nasty_bodies)
def test_no_character_is_lost_under_further_extensions_either(body: str) -> None:
    page = read_flattened(HEAD + body)

    assert differences(page, MORE_EXTENSIONS, MORE_CONFIGS) == ()


@settings(max_examples=budget(50, 200))
@given(nasty_bodies)
def test_headings_never_jump_a_level(body: str) -> None:
    levels = [1, *(len(marks) for marks in re.findall(r"^(#+) ", to_markdown(body), re.MULTILINE))]

    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


@given(st.text("子丑寅卯", min_size=0, max_size=60), changes)
def test_any_change_at_all_is_reported(text: str, change: tuple[int, int, str]) -> None:
    at, lost, added = change
    changed = text[:at] + added + text[at + lost :]

    assert bool(compare(text, changed, extensions=[])) == (text != changed)


@pytest.mark.parametrize(
    ("result", "difference"),
    [
        ("第一段的文字在这里。\n\n第段的文字在这里。", Difference(3, "的文字在这里。第二段的文字在这里。", "的文字在这里。第段的文字在这里。")),
        ("第一段的文字在这里呢。\n\n第二段的文字在这里。", Difference(1, "一段的文字在这里。第二段的文字在", "一段的文字在这里呢。第二段的文字在")),
        ("第一行的文字在这里。\n\n第二段的文字在这里。", Difference(1, "第一段的文字在这里。第", "第一行的文字在这里。第")),
        ("第一段的文字在这里。", Difference(3, "段的文字在这里。第二段的文字在这里。", "段的文字在这里。")),
    ],
    ids=["lost", "added", "changed", "end lost"],
)  # fmt: skip
def test_a_difference_names_the_line_and_both_wordings(result: str, difference: Difference) -> None:
    source = "第一段的文字在这里。\n\n　　第二段的文字在这里。"

    assert compare(source, result, extensions=EXTENSIONS, extension_configs=CONFIGS) == (difference,)


def test_distant_changes_are_reported_one_by_one() -> None:
    paragraphs = [f"第{number}项工作按计划完成，资金{number * 7}万元。" for number in range(40)]
    changed = [*paragraphs[:5], "", *paragraphs[6:20], "另有一段。", *paragraphs[20:]]

    found = compare("\n".join(paragraphs), "\n\n".join(changed), extensions=[])

    assert [difference.line for difference in found] == [6, 21]


def test_blanks_of_any_width_are_no_difference() -> None:
    assert compare("甲　乙\u200b丙\n\xa0丁", "甲乙 丙丁", extensions=[]) == ()


def test_a_link_that_the_theme_adds_to_headings_is_no_difference() -> None:
    assert compare("一、甲", "## 一、甲", extensions=["toc"], extension_configs={"toc": {"permalink": True}}) == ()


@pytest.mark.parametrize("every", [10_000, 50], ids=["few changes", "many changes"])
def test_a_hundred_thousand_characters_are_compared_in_seconds(every: int) -> None:
    source = "\n".join(f"第{number}段：新增企业{number * 3}家，资金{number * 7}万元。" for number in range(4_500))
    result = "".join(mark + ("误" if at % every == every - 1 else "") for at, mark in enumerate(source))
    start = time.process_time()

    found = compare(source, result, extensions=[])

    assert found
    assert time.process_time() - start < 5


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the real page is not beside the project ({SEEDS.name}/)")
def test_the_real_page_is_kept_to_the_letter() -> None:
    text = next(SEEDS.glob("*.txt")).read_text(encoding="utf-8")

    page = read_flattened(text)

    assert differences(page, EXTENSIONS, CONFIGS) == ()
    assert page.body.count("\n- ") == 27
    assert re.findall(r"^(#+) ", page.body, re.MULTILINE) == ["##", "##", *["###"] * 7, "##", *["###"] * 10]
    assert page.fields["index"] == "000014349/2019-136425"
