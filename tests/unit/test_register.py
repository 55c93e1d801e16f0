import os
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.catalogue.order import PublicDocument, decided, public_documents
from gongkai.catalogue.register import (
    ATTRIBUTES,
    BrokenRegisterError,
    Entry,
    Event,
    append,
    claims,
    due,
    entry_of,
    parse_register,
    read_register,
    register_files,
)
from tests.writing import NOW, PLAIN, ZONE, document_of

NUMBER = PLAIN["信息索取号"]
FIRST = Entry(
    number=NUMBER,
    event="published",
    recorded=datetime(2026, 1, 5, 9, tzinfo=ZONE),
    path="plans/a.md",
    title="《办法》",
    created=date(2025, 1, 10),
    published=datetime(2025, 1, 15, 9, 30, tzinfo=ZONE),
    sha256="a" * 64,
    state="公开",
)


def later(days: float, event: Event, before: Entry = FIRST, *, path: str = "", sha256: str = "") -> Entry:
    """A line `days` after `before`."""
    return replace(
        before,
        event=event,
        recorded=before.recorded + timedelta(days=days),
        path=path or before.path,
        was=before.path if path else "",
        sha256=sha256 or before.sha256,
    )


def public(path: str = "plans/a.md", now: datetime = NOW, **fields: str | None) -> PublicDocument:
    return public_documents(decided([document_of(fields, path=path)], now))[0]


def parsed(data: bytes) -> list[Entry]:
    return list(parse_register(data, ".register/2026.jsonl"))


def lines_of(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines(keepends=True)


# Lines added


def test_the_first_line_comes_with_what_git_needs_to_merge_it(tmp_path: Path) -> None:
    file = append(tmp_path, [FIRST])

    assert file == tmp_path / ".register" / "2026.jsonl"
    assert (tmp_path / ".register" / ".gitattributes").read_text("utf-8") == ATTRIBUTES
    assert sorted(path.name for path in file.parent.iterdir()) == [".gitattributes", "2026.jsonl"]
    assert read_register(tmp_path) == (FIRST,)


def test_a_line_is_one_line_of_utf8_without_what_is_empty(tmp_path: Path) -> None:
    line = append(tmp_path, [replace(FIRST, title='甲"\\\n乙\u2028')]).read_bytes()

    assert line.count(b"\n") == 1
    assert line.endswith(b"}\n")
    assert "甲".encode() in line
    assert [word for word in (b'"was"', b'"reason"', b'"notes"') if word in line] == []


def test_lines_are_only_ever_added(tmp_path: Path) -> None:
    file = append(tmp_path, [FIRST])
    before = file.read_bytes()

    append(tmp_path, [later(1, "changed"), later(2, "state")])

    assert file.read_bytes().startswith(before)
    assert [entry.event for entry in read_register(tmp_path)] == ["published", "changed", "state"]


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n"])
def test_a_line_after_a_file_s_end_begins_anew(tmp_path: Path, end: bytes) -> None:
    file = append(tmp_path, [FIRST])
    file.write_bytes(file.read_bytes().rstrip(b"\n") + end)

    append(tmp_path, [later(1, "changed")])

    assert read_register(tmp_path) == (FIRST, later(1, "changed"))


def test_attributes_that_are_there_stay(tmp_path: Path) -> None:
    append(tmp_path, [FIRST])
    (tmp_path / ".register" / ".gitattributes").write_text("*.jsonl merge=union\n", "utf-8")

    append(tmp_path, [later(1, "changed")])

    assert (tmp_path / ".register" / ".gitattributes").read_text("utf-8") == "*.jsonl merge=union\n"


def test_what_a_killed_run_left_behind_does_no_harm(tmp_path: Path) -> None:
    append(tmp_path, [FIRST])
    (tmp_path / ".register" / ".torn.tmp").write_bytes(b'{"number": "torn')

    append(tmp_path, [later(1, "changed")])

    assert read_register(tmp_path) == (FIRST, later(1, "changed"))
    assert not (tmp_path / ".register" / ".torn.tmp").exists()


def test_each_year_has_its_file_and_all_are_read(tmp_path: Path) -> None:
    append(tmp_path, [later(400, "changed")])
    append(tmp_path, [FIRST])

    assert [path.name for path in register_files(tmp_path)] == ["2026.jsonl", "2027.jsonl"]
    assert read_register(tmp_path) == (FIRST, later(400, "changed"))


def test_an_archive_without_a_register_has_an_empty_one(tmp_path: Path) -> None:
    assert read_register(tmp_path) == ()
    assert claims(()) == {}


# Lines read


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\n\n \n"])
def test_line_ends_and_empty_lines_do_not_matter(tmp_path: Path, newline: bytes) -> None:
    data = append(tmp_path, [FIRST, later(1, "changed")]).read_bytes()

    assert parsed(data.replace(b"\n", newline)) == [FIRST, later(1, "changed")]
    assert parsed(b"") == []


@pytest.mark.parametrize(
    "marker", ["<<<<<<< HEAD", "=======", ">>>>>>> 分支", "||||||| 8a1218a"], ids=["ours", "middle", "theirs", "base"]
)
def test_a_conflict_marker_is_told_with_its_line_and_what_to_do(tmp_path: Path, marker: str) -> None:
    line = append(tmp_path, [FIRST]).read_bytes()

    with pytest.raises(BrokenRegisterError) as refused:
        parsed(line + f"{marker}\n".encode() + line)

    assert refused.value.args[:2] == (".register/2026.jsonl", 2)
    assert refused.value.args[2] == "有合并冲突的标记。两边的行都要保留，只删去这几行标记"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"}\n", b"\n"),
        (b"}\n", b"} {}\n"),
        (b'"published"', b'"printed"'),
        (b'"number"', b'"nummer"'),
        (b'"state":', b'"mood":"","state":'),
        (b"2026-01-05T09:00:00+08:00", b"2026-01-05T09:00:00"),
        (b'"2025-01-10"', b'"2025-02-30"'),
        ("办法".encode(), "办法".encode("gbk")),
        (b'{"number"', b'\xef\xbb\xbf{"number"'),
    ],
    ids=["torn", "two", "event", "no number", "unknown field", "no zone", "no such day", "GBK", "BOM"],
)
def test_a_line_that_is_broken_is_told(tmp_path: Path, old: bytes, new: bytes) -> None:
    line = append(tmp_path, [FIRST]).read_bytes()

    with pytest.raises(BrokenRegisterError) as refused:
        parsed(b"\n" + line + line.replace(old, new, 1))

    assert refused.value.args[:2] == (".register/2026.jsonl", 3)
    assert "这一行读不出来" in refused.value.args[2]


@given(st.binary(max_size=200))
def test_no_bytes_pass_for_a_line(data: bytes) -> None:
    with pytest.raises(BrokenRegisterError):
        parsed(b"." + data)


# Whose a number is


def test_a_number_belongs_to_the_document_that_was_registered_first() -> None:
    second = replace(FIRST, path="notices/b.md", recorded=FIRST.recorded + timedelta(days=1))

    assert claims([second, FIRST])[NUMBER.casefold()].paths == ("plans/a.md",)


def test_what_is_said_of_a_second_claimant_later_does_not_count() -> None:
    second = replace(FIRST, path="notices/b.md", recorded=FIRST.recorded + timedelta(days=1))
    found = claims([FIRST, second, later(2, "changed", second, sha256="b"), later(3, "moved", second, path="c.md")])

    assert found[NUMBER.casefold()].latest == FIRST


def test_a_number_in_other_letters_is_the_same() -> None:
    found = claims([FIRST, replace(later(1, "changed"), number=NUMBER.lower())])

    assert list(found) == [NUMBER.casefold()]
    assert found[NUMBER.casefold()].latest.event == "changed"


def test_a_move_takes_the_number_along() -> None:
    moved = later(1, "moved", path="notices/b.md")
    back = later(2, "moved", moved, path="plans/a.md")

    assert claims([FIRST, moved])[NUMBER.casefold()].paths == ("plans/a.md", "notices/b.md")
    assert claims([FIRST, moved, back])[NUMBER.casefold()].paths == ("notices/b.md", "plans/a.md")
    assert claims([FIRST, moved, back])[NUMBER.casefold()].latest == back


def test_a_document_that_took_the_place_of_a_moved_one_does_not_take_its_number() -> None:
    moved = later(1, "moved", path="notices/b.md")
    intruder = later(2, "changed", sha256="b" * 64)

    assert claims([FIRST, moved, intruder])[NUMBER.casefold()].latest == moved


def test_a_first_line_counts_before_another_of_the_same_second() -> None:
    moved = later(0, "moved", path="notices/b.md")

    assert claims([moved, FIRST])[NUMBER.casefold()].latest == moved


EVENTS: Sequence[Event] = ("published", "imported", "withdrawn", "moved", "changed", "state")


def entries() -> st.SearchStrategy[Entry]:
    paths = st.sampled_from(["a.md", "b.md", "c.md"])
    return st.builds(
        lambda number, event, seconds, path, was, sha256: replace(
            FIRST,
            number=number,
            event=event,
            recorded=FIRST.recorded + timedelta(seconds=seconds),
            path=path,
            was=was,
            sha256=sha256,
        ),
        st.sampled_from(["甲号", "乙号"]),
        st.sampled_from(EVENTS),
        st.integers(0, 5),
        paths,
        st.one_of(st.just(""), paths),
        st.sampled_from(["a" * 64, "b" * 64]),
    )


def lines_and_a_merge_of_them() -> st.SearchStrategy[tuple[list[Entry], list[Entry]]]:
    return st.lists(entries(), max_size=6).flatmap(lambda lines: st.tuples(st.just(lines), st.permutations(lines)))


@given(lines_and_a_merge_of_them())
def test_the_order_of_lines_does_not_matter(lines: tuple[list[Entry], list[Entry]]) -> None:
    assert claims(lines[0]) == claims(lines[1])


@given(st.lists(entries(), max_size=6, unique_by=lambda entry: entry.recorded))
def test_a_line_that_both_branches_have_counts_once(lines: list[Entry]) -> None:
    assert claims([*lines, *lines]) == claims(lines)


@given(st.lists(entries(), max_size=6))
def test_lines_are_read_back_as_they_were_written(lines: list[Entry]) -> None:
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - Hypothesis runs one test many times: each its folder

    with TemporaryDirectory() as folder:
        append(Path(folder), [FIRST, *lines])

        assert read_register(Path(folder)) == (FIRST, *lines)


# Lines that are due


def registered(one: PublicDocument, **changed: str) -> Entry:
    entry = entry_of(one, event="published", now=NOW - timedelta(days=1))
    return replace(entry, path=changed.get("path", entry.path), sha256=changed.get("sha256", entry.sha256))


def lacking(one: PublicDocument, *known: Entry) -> list[Entry]:
    return list(due([one], claims(known), now=NOW))


def test_a_document_that_is_not_registered_is_due_with_all_that_is_known_of_it() -> None:
    one = public(更正="[{date: 2025-02-01, note: 更正一处}]")

    assert lacking(one) == [
        Entry(
            number=NUMBER,
            event="published",
            recorded=NOW,
            path="plans/a.md",
            title=PLAIN["标题"],
            created=date(2025, 1, 10),
            published=datetime(2025, 1, 15, 9, 30, tzinfo=ZONE),
            sha256=one.document.sha256,
            state="公开",
            notes=1,
        )
    ]


def test_an_imported_document_is_registered_as_one() -> None:
    assert [entry.event for entry in due([public()], {}, now=NOW, first="imported")] == ["imported"]


def test_a_document_that_stands_as_registered_is_not_due() -> None:
    assert lacking(public(), registered(public())) == []


def test_what_was_just_added_is_not_due_again(tmp_path: Path) -> None:
    documents = [public(), public("plans/乙.md", 信息索取号="SLKJ00012/2025-00002", 时效="废止")]
    append(tmp_path, list(due(documents, {}, now=NOW)))
    before = lines_of(tmp_path / ".register" / "2026.jsonl")

    again = list(due(documents, claims(read_register(tmp_path)), now=NOW + timedelta(days=1)))

    assert (len(before), again) == (2, [])


@pytest.mark.parametrize(
    ("now", "before", "event", "state"),
    [
        (public("plans/b.md"), {}, "moved", "公开"),
        (public(), {"sha256": "b"}, "changed", "公开"),
        (public(时效="废止"), {}, "state", "已废止"),
        (public(撤回="{date: 2026-01-20, reason: 数据有误}"), {}, "withdrawn", "已撤回"),
    ],
    ids=["moved", "changed", "state", "withdrawn"],
)
def test_each_change_is_due_as_what_it_is(
    now: PublicDocument, before: dict[str, str], event: Event, state: str
) -> None:
    old = replace(registered(public()), sha256=before.get("sha256", now.document.sha256))

    found = lacking(now, old)

    assert [(entry.event, entry.state) for entry in found] == [(event, state)]


def test_the_weightiest_of_several_changes_is_told_and_none_is_lost() -> None:
    now = public("notices/b.md", 撤回="{date: 2026-01-20, reason: 数据有误}")
    old = registered(public())

    found = lacking(now, old)

    assert [(entry.event, entry.was, entry.reason) for entry in found] == [("withdrawn", "plans/a.md", "数据有误")]
    assert found[0].sha256 == now.document.sha256
    assert lacking(now, old, *found) == []
    assert claims([old, *found])[NUMBER.casefold()].paths == ("plans/a.md", "notices/b.md")


def test_a_move_with_a_change_is_a_move() -> None:
    now = public("notices/b.md", 来源="别处")

    assert [(e.event, e.was) for e in lacking(now, registered(public()))] == [("moved", "plans/a.md")]


def test_a_state_tells_its_reason() -> None:
    now = public(时效="{状态: 废止, 日期: 2026-01-20, 原因: 已由新办法代替}")

    assert [entry.reason for entry in lacking(now)] == ["已由新办法代替"]


def test_a_state_that_comes_by_time_alone_is_due_then() -> None:
    fields = {"公开时限": "限时公开至2026-12-31"}
    old = registered(public(公开时限=fields["公开时限"]))
    ended = public(now=datetime(2027, 1, 1, tzinfo=ZONE), 公开时限=fields["公开时限"])

    assert [(entry.event, entry.state) for entry in lacking(ended, old)] == [("state", "公开期已结束")]


def test_a_withdrawal_is_told_once() -> None:
    now = public(撤回="{date: 2026-01-20, reason: 数据有误}")
    changed = replace(registered(now), sha256="b" * 64)

    assert [entry.event for entry in lacking(now, changed)] == ["changed"]


def test_lines_are_due_in_the_order_of_paths() -> None:
    documents = [
        public(f"plans/{name}.md", 信息索取号=f"SLKJ00012/2025-0000{serial}") for serial, name in enumerate("cab", 1)
    ]

    assert [entry.path for entry in due(documents, {}, now=NOW)] == ["plans/a.md", "plans/b.md", "plans/c.md"]


def test_a_line_has_no_parts_of_a_second() -> None:
    assert lacking(public(), *()) == [entry_of(public(), event="published", now=NOW.replace(microsecond=7))]


# Two branches of a real repository


def git(folder: Path, *arguments: str) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
    }
    identity = ("-c", "user.name=示例", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "改动")


def both_add_lines(folder: Path) -> list[Entry]:
    """What the register holds once two branches of `folder`, which both added a line, are one again."""
    commit(folder)
    git(folder, "checkout", "-q", "-b", "theirs")
    append(folder, [THEIRS])
    commit(folder)
    git(folder, "checkout", "-q", "main")
    append(folder, [MINE])
    commit(folder)
    git(folder, "merge", "-q", "--no-edit", "theirs")
    assert git(folder, "status", "--porcelain") == ""
    return sorted(read_register(folder), key=lambda entry: entry.recorded)


MINE, THEIRS = replace(later(1, "published"), number="甲号"), replace(later(2, "published"), number="乙号")


def test_two_branches_that_both_add_lines_merge_without_a_conflict(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    append(tmp_path, [FIRST])

    assert both_add_lines(tmp_path) == [FIRST, MINE, THEIRS]


def test_two_branches_that_both_begin_a_register_merge_without_a_conflict(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.md").write_text("甲", "utf-8")

    assert both_add_lines(tmp_path) == [MINE, THEIRS]


def test_two_branches_merge_where_the_last_line_was_not_ended(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    file = append(tmp_path, [FIRST])
    file.write_bytes(file.read_bytes().rstrip())

    assert both_add_lines(tmp_path) == [FIRST, MINE, THEIRS]
