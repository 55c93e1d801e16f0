"""Whatever stands in whatever on an old page: it is imported to the letter, or refused in words."""

import html

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.imports.fidelity import compared
from gongkai.imports.html_page import read_html
from gongkai.imports.page import UnreadableFileError
from tests.budgets import budget
from tests.unit.test_import_fidelity import BITS, CONFIGS, EXTENSIONS, OPENINGS

Texts = st.SearchStrategy[str]
nothing_beside = dict[str, bytes]().get

SIGNS = [
    sign
    for sign in (*BITS, *OPENINGS, "　", "  ", "甲乙", "3", "一、丙", "（二）", "1.5万", "附件：", "2024年1月2日")
    if sign
]
INLINE = (
    "{}",
    *("<b>{}</b>", "<i>{}</i>", "<s>{}</s>", "<sup>{}</sup>", "<sub>{}</sub>", "<u>{}</u>", "<font>{}</font>"),
    *("<a href='https://gongkai.example/a_b'>{}</a>", "<a href='#_ftn1' name='_ftnref1'>{}</a>", "<sup><a href=#fn1>{}</a></sup>"),
    *("{}<br>", "<code>{}</code>", "<b><i>{}</i></b>", "<a href='t_1.html'>{}</a>", "<span style='color:red'>{}</span>"),
)  # fmt: skip
BLOCKS = (
    *("<p>{}</p>", "<h2>{}</h2>", "<h4>{}</h4>", "<div>{}</div>", "<blockquote>{}</blockquote>", "<pre>{}</pre>", "{}<hr>"),
    *("<ul><li>{}</li></ul>", "<ol><li>{}</li></ol>", "<ol start=3><li>{}</li><li></li></ol>", "<ul><li>{}</ul>", "<center>{}</center>"),
    *("<ol><li>甲</li><li>{}</li></ol>", "<ul><li>甲<li>{}<li>乙</ul>", "<dl><dt>甲<dd>{}</dl>", "<section>{}</section>"),
    *("<table><tr><td>{}</td><td>乙</td></tr><tr><td>丙</td><td>3</td></tr></table>", "<table><tr><th>{}</table>"),
    *("<table><tr><td rowspan=2>{}</td><td>乙</td></tr><tr><td colspan=2>丙</td></tr></table>", "<font>{}</font>"),
    *("<table><caption>表</caption><thead><tr><th>甲<th>乙</thead><tr><td>{}</table>", "<p>{}", "<ul>{}</ul>"),
)  # fmt: skip

words = st.lists(st.tuples(st.sampled_from(INLINE), st.sampled_from(SIGNS)), max_size=4).map(
    lambda pairs: "".join(form.format(html.escape(sign)) for form, sign in pairs)
)


def in_blocks(inner: Texts) -> Texts:
    block = st.builds(lambda form, inside: form.replace("{}", inside), st.sampled_from(BLOCKS), inner)
    return st.lists(block, min_size=1, max_size=3).map("".join)


pages = st.recursive(words, in_blocks, max_leaves=8)


def says_why_or_keeps_all(page: str) -> bool:
    """False for a page that was changed on its way; only a page without a word may be refused."""
    try:
        read = read_html(f"<div id=zoom>{page}</div>".encode(), nothing_beside)
    except UnreadableFileError as refusal:
        return "没有文字" in str(refusal)
    found = compared(read, extensions=EXTENSIONS, extension_configs=CONFIGS)
    return (found.differences, found.otherwise, read.losses) == ((), (), ())


@settings(max_examples=budget(150, 5_000))
@given(pages)
def test_whatever_stands_in_whatever_is_kept(page: str) -> None:
    assert says_why_or_keeps_all(page)
