import re

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from gongkai.records.editing import NotEditableError, front_matter_text, quoted, scalar, with_field
from gongkai.records.reading import Document, body_of
from tests.writing import PLAIN, markdown, reading

WITHDRAWAL = "{日期: 2026-01-31, 原因: 数据有误}"
WRITTEN = f"撤回: {WITHDRAWAL}"
PRINTABLE = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029\ufffe\uffff"))
BODY = "第一段。\n\n---\n撤回: 不是字段\n---\n\n- 一\n- 二\n\n末段 。"


def read(data: bytes) -> Document:
    found = reading(data)
    assert found.document is not None, [str(finding) for finding in found.findings]
    return found.document


def reason(data: bytes) -> str:
    withdrawn = read(data).record.withdrawn
    assert withdrawn is not None
    return withdrawn.reason


def front(*lines: str) -> bytes:
    """The plain document with `lines` last but one in its front matter."""
    return markdown(BODY).replace("来源: 本局\n", "\n".join((*lines, "来源: 本局\n")), 1).encode()


# A value that YAML reads back


@pytest.mark.parametrize(
    "text", ["数据有误", "关于2024年工作的通知", "示科字〔2025〕8号", "a:b", "《办法》（试行）", "1.5"]
)
def test_an_ordinary_text_stays_plain(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "甲: 乙",
        "甲 # 乙",
        "# 甲",
        "- 甲",
        "[甲]",
        "{甲: 乙}",
        "'甲'",
        '"甲"',
        "甲:",
        "*甲",
        "&甲",
        "!甲",
        "|",
        ">",
        "%甲",
        "@甲",
        "`甲`",
        "? 甲",
        "甲\t乙",
        "null",
        "~",
        "NULL",
    ],
)
def test_a_text_that_yaml_would_take_for_something_else_is_read_back(text: str) -> None:
    assert read(markdown(来源=scalar(text)).encode()).record.source == text


@pytest.mark.parametrize(
    "text", [" 甲", "甲 ", "甲\n乙", "甲\r\n乙", "甲\x85乙", "\u2028", "\ufeff甲", "甲\\n乙", "😀"]
)
def test_a_text_with_blanks_and_line_ends_keeps_them(text: str) -> None:
    assert yaml.safe_load(f"k: {scalar(text)}\n") == {"k": text}
    assert "\n" not in scalar(text)


def test_nothing_is_written_as_nothing() -> None:
    assert scalar("") == ""


@given(PRINTABLE)
@example("=")
@example("<<")
@example("--- a")
@example("... a")
@example("1: 2")
@example("\\")
def test_any_text_is_read_back_as_it_is(text: str) -> None:
    assert yaml.load(f"k: {scalar(text)}\n", Loader=yaml.BaseLoader) == {"k": text}
    assert yaml.safe_load(f"k: [{quoted(text)}, {quoted(text)}]\n") == {"k": [text, text]}


@given(PRINTABLE.filter(lambda text: text.strip() == text and re.search(r"\w", text)))
@example("null")
@example("_\u3000a")
def test_any_title_is_read_back_by_the_house(text: str) -> None:
    written = front_matter_text({**VALUES, "title": text}, "正文。")

    assert [finding.code for finding in reading(written).findings] == []
    assert read(written.encode()).record.title == text


def test_a_long_text_stays_on_one_line() -> None:
    assert quoted("长 " * 20_000).count("\n") == 0


# A whole file

VALUES = {
    "title": PLAIN["标题"],
    "disclosure": "主动公开",
    "created": "2025-01-10",
    "term": "常年公开",
    "audience": "面向全社会",
    "index": PLAIN["信息索取号"],
    "published": "2025-01-15 09:30:00",
}


def test_a_file_is_written_under_chinese_labels_with_its_body() -> None:
    written = front_matter_text({"title": "甲: 乙", "department": "", "status": "草稿"}, "\n\n  第一行\n\n第二行\n\n")

    assert written == '---\n标题: "甲: 乙"\n责任部门:\n时效: 草稿\n---\n\n  第一行\n\n第二行\n'


def test_a_file_without_a_body_ends_with_its_front_matter() -> None:
    assert front_matter_text({"title": "甲"}, "") == "---\n标题: 甲\n---\n\n\n"


def test_a_written_file_is_read_without_a_word() -> None:
    assert reading(front_matter_text(VALUES, "正文。")).findings == ()


# One field put in its place


def test_a_field_that_is_new_comes_last_in_the_front_matter() -> None:
    before = markdown(BODY)

    after = with_field(before.encode(), "withdrawn", WITHDRAWAL).decode()

    assert after == before.replace("来源: 本局\n", f"来源: 本局\n{WRITTEN}\n", 1)


@pytest.mark.parametrize(
    "written",
    [
        ["撤回: {date: 2025-02-01, reason: 旧}"],
        ["withdrawn: {date: 2025-02-01, reason: 旧}"],
        ["撤回：{date: 2025-02-01, reason: 旧}"],
        ["撤回:"],
        ["撤回:", "  date: 2025-02-01", "  reason: 旧"],
        ["撤回:", "  date: 2025-02-01", "", "  reason: >", "    旧", "", "    旧"],
        ["撤回:", "- date: 2025-02-01", "- reason: 旧"],
        ["撤回: {", "  date: 2025-02-01,", "  reason: 旧", "}"],
        ["撤回: [", "  旧", "]"],
        ['撤回: "旧', '  旧"'],
    ],
    ids=["flow", "key", "full-width", "empty", "block", "folded", "list", "braces", "brackets", "quoted"],
)
def test_a_field_that_is_there_is_written_anew_in_its_place(written: list[str]) -> None:
    assert with_field(front(*written), "withdrawn", WITHDRAWAL) == front(WRITTEN)


@pytest.mark.parametrize(
    "written",
    [
        ["撤回: {date: 2025-02-01,", "reason: 旧}"],
        ['撤回: "旧', '旧"'],
        ["撤回:", "# 备注", "  date: 2025-02-01", "  reason: 旧"],
        ["撤回:", "- date: 2025-02-01", "# 备注", "- reason: 旧"],
    ],
    ids=["braces", "quoted", "comment in a mapping", "comment in a list"],
)
def test_a_value_over_lines_that_begin_at_the_margin_goes_as_a_whole(written: list[str]) -> None:
    after = with_field(front(*written), "withdrawn", WITHDRAWAL)

    assert reason(after) == "数据有误"
    assert "旧" not in after.decode()


@pytest.mark.parametrize(
    "after",
    [["# 备注"], ["", "关键词: 甲"], ["", "", "# 备注", ""], ["关键词:", "- 甲"]],
    ids=["comment", "blank line", "blank lines and a comment", "list"],
)
def test_what_follows_a_field_stays(after: list[str]) -> None:
    before = front("撤回: {date: 2025-02-01, reason: 旧}", *after)

    assert with_field(before, "withdrawn", WITHDRAWAL) == front(WRITTEN, *after)


def test_the_last_field_is_replaced_up_to_the_fence() -> None:
    before = markdown(BODY, 来源=None, 撤回="\n  date: 2025-02-01\n  reason: 旧").encode()

    assert with_field(before, "withdrawn", WITHDRAWAL) == markdown(BODY, 来源=None, 撤回=WITHDRAWAL).encode()


def test_the_first_field_is_replaced_as_well() -> None:
    assert with_field(markdown().encode(), "title", "新题") == markdown(标题="新题").encode()


@pytest.mark.parametrize("lead", ["\n", "\n\n  \n", "\ufeff", "\ufeff\n"])
def test_what_stands_before_the_front_matter_stays(lead: str) -> None:
    before = lead + markdown(BODY, 撤回="{date: 2025-02-01, reason: 旧}")

    assert with_field(before.encode(), "withdrawn", WITHDRAWAL).decode() == lead + markdown(BODY, 撤回=WITHDRAWAL)


def test_a_body_that_looks_like_front_matter_is_left_alone() -> None:
    after = with_field(markdown(BODY).encode(), "withdrawn", WITHDRAWAL)

    assert body_of(after) == f"\n{BODY}\n"


def test_a_broken_entry_beside_it_does_not_keep_a_field_from_its_place() -> None:
    before = front('关键词: "甲', "撤回: {date: 2025-02-01, reason: 旧}")

    assert with_field(before, "withdrawn", WITHDRAWAL) == front('关键词: "甲', WRITTEN)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"], ids=str)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("old", [None, "\n  date: 2025-02-01\n  reason: 旧"], ids=["new", "replaced"])
def test_a_file_keeps_its_encoding_and_its_line_ends(encoding: str, newline: str, old: str | None) -> None:
    before = markdown(BODY, 来源=None, 撤回=old).replace("\n", newline).encode(encoding)

    after = with_field(before, "withdrawn", WITHDRAWAL)

    assert after == markdown(BODY, 来源=None, 撤回=WITHDRAWAL).replace("\n", newline).encode(encoding)


def test_a_file_in_big_endian_utf16_stays_one() -> None:
    before = b"\xfe\xff" + markdown(BODY).encode("utf-16-be")

    after = with_field(before, "withdrawn", WITHDRAWAL)

    assert after == b"\xfe\xff" + markdown(BODY, 撤回=WITHDRAWAL).encode("utf-16-be")


@pytest.mark.parametrize(
    "newlines",
    [("\n", "\r\n"), ("\r\n", "\n"), ("\r", "\r"), ("\r", "\n")],
    ids=["CRLF in the body", "CRLF in the front matter", "CR", "CR in the front matter"],
)
def test_a_file_of_mixed_line_ends_keeps_each(newlines: tuple[str, str]) -> None:
    fields, body = (newline.join(["甲", ""]) for newline in newlines)
    upper = markdown("", 来源=None, 撤回="{date: 2025-02-01, reason: 旧}").replace("\n", fields.strip("甲"))
    lower = "第一段。\n\n第二段。\n".replace("\n", body.strip("甲"))

    after = with_field((upper + lower).encode(), "withdrawn", WITHDRAWAL).decode()

    assert after == upper.replace("{date: 2025-02-01, reason: 旧}", WITHDRAWAL) + lower


def test_a_new_field_of_a_file_of_mixed_line_ends_is_read_back() -> None:
    before = markdown("第一段。\r\n第二段。").encode()

    assert reason(with_field(before, "withdrawn", WITHDRAWAL)) == "数据有误"


@pytest.mark.parametrize("body", ["", "\x0c", "甲\u2028乙", "甲\x85乙", "甲\x0b乙\x1c丙"])
def test_only_line_ends_end_lines(body: str) -> None:
    before = markdown(f"{body}\n{BODY}")

    assert with_field(before.encode(), "withdrawn", WITHDRAWAL).decode() == markdown(f"{body}\n{BODY}", 撤回=WITHDRAWAL)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        "只有正文。\n".encode(),
        "标题: 甲\n---\n正文\n".encode(),
        "---\n标题: 甲\n\n正文\n".encode(),
        b"\xff\xfa\x12\x80\x80",
        b"---\ntitle: a\x00b\n---\n",
        "Ünïcödé wörds ére hëre".encode("latin-1"),
    ],
    ids=["empty", "blank", "no fences", "no first fence", "no second fence", "noise", "NUL", "Latin-1"],
)
def test_a_file_without_front_matter_is_refused(data: bytes) -> None:
    with pytest.raises(NotEditableError):
        with_field(data, "withdrawn", WITHDRAWAL)


def test_an_empty_front_matter_takes_its_first_field() -> None:
    assert with_field(b"---\n---\n", "title", "甲") == "---\n标题: 甲\n---\n".encode()


def test_a_huge_body_stays_as_it_is() -> None:
    body = "甲乙丙丁。\n" * 40_000

    after = with_field(markdown(body).encode(), "withdrawn", WITHDRAWAL)

    assert after == markdown(body, 撤回=WITHDRAWAL).encode()


# Any reason, any file


def withdrawal(text: str) -> str:
    return f"{{日期: 2026-01-31, 原因: {quoted(text)}}}"


REASONS = PRINTABLE.map(str.strip).filter(bool)


@given(REASONS, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), st.sampled_from(["\n", "\r\n"]))
@example("龘靐齉齾爩鱻麤龗灪吁" * 20, "gb18030", "\n")
@example("😀" * 60, "gb18030", "\n")
def test_any_reason_is_read_back_from_any_file(text: str, encoding: str, newline: str) -> None:
    before = markdown(BODY).replace("\n", newline).encode(encoding)

    after = with_field(before, "withdrawn", withdrawal(text))

    assert reason(after) == text
    assert body_of(after) == body_of(before)


@given(REASONS, REASONS, st.sampled_from(["utf-8", "utf-16"]), st.sampled_from(["\n", "\r\n"]))
def test_a_field_put_twice_is_there_once(first: str, second: str, encoding: str, newline: str) -> None:
    before = markdown(BODY).replace("\n", newline).encode(encoding)

    once = with_field(before, "withdrawn", withdrawal(second))
    twice = with_field(with_field(before, "withdrawn", withdrawal(first)), "withdrawn", withdrawal(second))

    assert twice == once
    assert with_field(once, "withdrawn", withdrawal(second)) == once


FILES = st.text(st.sampled_from("甲撤回标题:：-—|#{}[]\"' \t\n\n\r\x0c\u2028"), max_size=60)


@given(FILES, FILES)
def test_no_file_loses_a_character_of_its_body(fields: str, body: str) -> None:
    before = f"---\n标题: 甲\n{fields}\n---\n{body}".encode()

    after = with_field(before, "withdrawn", WITHDRAWAL)

    assert body_of(after) == body_of(before)
    assert after.endswith(body.encode())
