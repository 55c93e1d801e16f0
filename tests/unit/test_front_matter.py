from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gongkai.records.front_matter import decode
from gongkai.records.reading import body_of
from tests.writing import front_matter, markdown, reading, reported

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "front_matter.yml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["promise"] for case in CASES])
def test_a_front_matter_prints_exactly_what_a_clerk_should_read(case: dict[str, str | list[str]]) -> None:
    found = reading(str(case["text"]), "a.md")

    assert [str(finding) for finding in reported(found)] == case["printed"]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-8-sig"])
def test_an_office_encoding_is_read_and_named(encoding: str) -> None:
    plain, other = reading(markdown()), reading(markdown().encode(encoding))

    assert plain.document is not None
    assert other.document is not None
    assert other.document.record == plain.document.record
    assert [finding.code for finding in other.findings] == ["read-as"]


def test_windows_line_ends_are_read_and_named() -> None:
    data = markdown("第一行\n\n第二行").replace("\n", "\r\n").encode()

    assert body_of(data) == "\n第一行\n\n第二行\n"
    found = reading(data)
    assert found.document is not None
    assert [finding.code for finding in found.findings] == ["read-as"]


@pytest.mark.parametrize(
    "data",
    [
        markdown("資訊公開條例之研究報告書與經濟發展計畫").replace("示例市科学技术局", "臺灣").encode("big5", "ignore"),
        b"\xff\xfa\x12\x80\x80",
        "Ünïcödé wörds ére hëre".encode("latin-1"),
        b"---\ntitle: a\x00b\n---\n",
    ],
    ids=["Big5", "noise", "Latin-1", "NUL"],
)
def test_a_file_neither_utf8_nor_gbk_is_refused_in_words(data: bytes) -> None:
    found = reading(data)

    assert found.document is None
    assert [finding.code for finding in found.findings] == ["encoding"]


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    assert reading(data).document is None


@given(st.text(max_size=200))
def test_no_front_matter_makes_the_reader_fail(text: str) -> None:
    found = reading(f"---\n{text}\n---\n正文".encode("utf-8", "surrogatepass"))

    assert found.document is None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=100))
def test_utf8_text_is_never_taken_for_anything_else(text: str) -> None:
    read, _ = decode(text.encode())

    assert read is None or read == text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def test_aliases_cannot_swell_a_front_matter() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )

    assert reading(f"---\n{bomb}---\n").document is None


def test_a_body_that_looks_like_fields_stays_a_body() -> None:
    text = front_matter() + "---\n标题: 不是字段\n---\n"

    assert body_of(text.encode()) == "---\n标题: 不是字段\n---\n"
