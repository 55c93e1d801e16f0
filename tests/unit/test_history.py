import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.catalogue.history import (
    History,
    HistoryError,
    Repository,
    Version,
    changed_since,
    commit_of,
    history_of,
    lines_ever_added,
    repository_of,
    unknown_to,
)

EPOCH = 1_735_689_600  # 2025-01-01 08:00 in Shanghai; commits are so many days later
DAY = 86_400
LONG = "".join(f"第{n}条　本办法第{n}条。\n" for n in range(1, 30))


@pytest.fixture(autouse=True)
def plain_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of this machine or of a hook that runs the tests has a say."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


def git(folder: Path, *arguments: str, day: int = 0) -> str:
    moment = f"{EPOCH + day * DAY} +0800"
    identity = ("-c", "user.name=示例", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", *identity, *arguments],
        cwd=folder,
        env={**os.environ, "GIT_COMMITTER_DATE": moment, "GIT_AUTHOR_DATE": moment},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def repository(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q")
    return folder


def commit(folder: Path, day: int, **files: str | None) -> str:
    """The commit of that day, with `files` by stem (None: deleted) and whatever else has changed."""
    return commit_files(folder, day, {f"{stem}.md": text for stem, text in files.items()})


def commit_files(folder: Path, day: int, files: dict[str, str | None]) -> str:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(text, "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", f"第{day}天", day=day)
    return git(folder, "rev-parse", "HEAD")


def move(folder: Path, day: int, old: str, new: str) -> str:
    git(folder, "mv", old, new)
    return commit(folder, day)


def known(docs: Path) -> Repository:
    found = repository_of(docs)
    assert found is not None
    return found


def history(docs: Path) -> History:
    return history_of(known(docs))


def days(docs: Path, *paths: str) -> list[int]:
    """The days of the versions of a document that stood at `paths`."""
    return [(version.moment - EPOCH) // DAY for version in history(docs).of(paths)]


# Which repository


def test_a_folder_in_no_repository_has_none(tmp_path: Path) -> None:
    assert repository_of(tmp_path) is None
    assert repository_of(tmp_path / "missing") is None


def test_a_machine_without_git_has_no_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(repository(tmp_path), 1, a="甲")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert repository_of(tmp_path) is None


def test_a_repository_without_a_commit_has_an_empty_history(tmp_path: Path) -> None:
    found = known(repository(tmp_path))

    assert found == Repository(tmp_path, "", is_shallow=False)
    assert history_of(found) == History()
    assert list(lines_ever_added(found, "甲")) == []


def test_a_repository_tells_its_head(tmp_path: Path) -> None:
    head = commit(repository(tmp_path), 1, a="甲")

    assert known(tmp_path) == Repository(tmp_path, head, is_shallow=False)


def test_an_ignored_folder_belongs_to_no_repository(tmp_path: Path) -> None:
    commit_files(repository(tmp_path), 1, {".gitignore": "docs/\n", "a.md": "甲"})
    (tmp_path / "docs").mkdir()

    assert repository_of(tmp_path / "docs") is None
    assert repository_of(tmp_path) is not None


def test_a_bare_repository_has_no_documents(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare")

    assert repository_of(tmp_path) is None


def test_a_linked_work_tree_has_the_history_of_its_branch(tmp_path: Path) -> None:
    main = repository(tmp_path / "main")
    commit(main, 1, a="甲")
    git(main, "worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))
    commit(tmp_path / "other", 2, a="乙")

    assert (days(main, "a.md"), days(tmp_path / "other", "a.md")) == ([1], [1, 2])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GIT_DIR", "{other}/.git"),
        ("GIT_WORK_TREE", "{other}"),
        ("GIT_INDEX_FILE", "{other}/.git/index"),
        ("GIT_PREFIX", "docs/"),
        ("GIT_COMMON_DIR", "{other}/.git"),
        ("GIT_OBJECT_DIRECTORY", "{other}/.git/objects"),
        ("GIT_LITERAL_PATHSPECS", "1"),
        ("GIT_NAMESPACE", "other"),
        ("GIT_EXTERNAL_DIFF", "false"),
    ],
)
def test_what_a_hook_s_git_sets_does_not_mislead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    other, here = repository(tmp_path / "other"), repository(tmp_path / "here")
    commit(other, 1, other="别处")
    first = commit(here, 2, a="甲 N-1")
    commit(here, 3, a="乙 N-2")
    monkeypatch.setenv(name, value.format(other=other))

    assert days(here, "a.md") == [2, 3]
    assert changed_since(known(here), first) == {"a.md": "甲 N-1".encode()}
    assert list(lines_ever_added(known(here), "N-")) == ["乙 N-2", "甲 N-1"]


@pytest.mark.parametrize(
    "setting",
    [
        "log.showRoot=false",
        "log.follow=true",
        "log.decorate=full",
        "log.diffMerges=first-parent",
        "color.ui=always",
        "core.quotePath=true",
        "diff.renames=copies",
        "diff.noprefix=true",
        "diff.mnemonicPrefix=true",
        "diff.relative=true",
        "diff.external=false",
        "format.pretty=oneline",
        "core.abbrev=4",
    ],
)
def test_no_setting_of_a_clerk_s_git_misleads(tmp_path: Path, setting: str) -> None:
    first = commit_files(repository(tmp_path), 1, {"表 一.md": "甲 N-1\n"})
    move(tmp_path, 2, "表 一.md", "表 二.md")
    commit_files(tmp_path, 3, {"表 二.md": "乙 N-2\n"})
    git(tmp_path, "config", *setting.split("="))

    assert days(tmp_path, "表 二.md") == [1, 2, 3]
    assert changed_since(known(tmp_path), first) == {"表 一.md": "甲 N-1\n".encode(), "表 二.md": None}
    assert {*lines_ever_added(known(tmp_path), "N-")} == {"甲 N-1", "乙 N-2"}


# Versions of a document


def test_versions_come_oldest_first_with_commit_moment_and_content(tmp_path: Path) -> None:
    first = commit(repository(tmp_path), 1, a="甲", b="乙")
    commit(tmp_path, 2, b="丙")
    last = commit(tmp_path, 3, a="丁")
    found = history(tmp_path)

    assert found.of(["a.md"]) == (
        Version(first, EPOCH + DAY, git(tmp_path, "rev-parse", f"{first}:a.md")),
        Version(last, EPOCH + 3 * DAY, git(tmp_path, "rev-parse", "HEAD:a.md")),
    )
    assert (found.head, found.is_shallow) == (last, False)


def test_a_document_that_git_does_not_know_has_no_versions(tmp_path: Path) -> None:
    commit(repository(tmp_path), 1, a="甲")
    (tmp_path / "b.md").write_text("乙", "utf-8")

    assert days(tmp_path, "b.md") == days(tmp_path, "missing.md") == days(tmp_path) == []


def test_only_documents_have_versions(tmp_path: Path) -> None:
    commit_files(repository(tmp_path), 1, {"a.md": "甲", "a.xlsx": "表", "b/c.md": "乙", ".meta.yml": "来源: 本局"})

    assert sorted(history(tmp_path).versions) == ["a.md", "b/c.md"]


@pytest.mark.parametrize(
    "name",
    [
        "办法.md",
        "表 一.md",
        "引\"号'.md",
        "制表\t符.md",
        "换\n行.md",
        " 空格开头.md",
        ":冒号.md",
        "-横线.md",
        "反\\斜线.md",
        "分\u2028行.md",
        "𠮷.md",
        "[a]*?.md",
        "a => b.md",
        "a missing.md",
        "深/层/文件 夹/甲.md",
    ],
)
def test_a_document_of_any_name_has_its_versions(tmp_path: Path, name: str) -> None:
    first = commit_files(repository(tmp_path), 1, {name: "甲\n"})
    commit_files(tmp_path, 2, {name: "乙\n"})

    assert days(tmp_path, name) == [1, 2]
    assert changed_since(known(tmp_path), first) == {name: "甲\n".encode()}


def test_a_document_in_a_sub_folder_is_named_from_docs(tmp_path: Path) -> None:
    docs = repository(tmp_path) / "网站" / "docs"
    commit_files(tmp_path, 1, {"网站/docs/a.md": "甲", "README.md": "外", "网站/b.md": "外"})
    commit_files(tmp_path, 2, {"网站/docs/plans/乙.md": "乙", "README.md": "外外"})

    assert sorted(history(docs).versions) == ["a.md", "plans/乙.md"]
    assert days(docs, "plans/乙.md") == [2]


def test_a_document_that_came_into_docs_from_outside_begins_there(tmp_path: Path) -> None:
    commit_files(repository(tmp_path), 1, {"old/a.md": LONG, "docs/b.md": "乙"})
    move(tmp_path, 2, "old/a.md", "docs/a.md")

    assert days(tmp_path / "docs", "a.md") == [2]


def test_a_document_that_was_moved_unchanged_keeps_its_versions(tmp_path: Path) -> None:
    commit(repository(tmp_path), 1, a="甲")
    commit(tmp_path, 2, a="乙")
    move(tmp_path, 3, "a.md", "制度 一.md")
    move(tmp_path, 4, "制度 一.md", "c.md")
    commit(tmp_path, 5, c="丙")

    assert days(tmp_path, "c.md") == [1, 2, 3, 4, 5]
    assert sorted(history(tmp_path).versions) == ["c.md"]


def test_a_document_that_came_back_to_its_place_has_all_its_versions(tmp_path: Path) -> None:
    commit(repository(tmp_path), 1, a="甲")
    move(tmp_path, 2, "a.md", "b.md")
    move(tmp_path, 3, "b.md", "a.md")

    assert days(tmp_path, "a.md") == [1, 2, 3]


def test_a_document_that_took_the_place_of_a_moved_one_begins_anew(tmp_path: Path) -> None:
    commit(repository(tmp_path), 1, a="甲")
    move(tmp_path, 2, "a.md", "b.md")
    commit(tmp_path, 3, a="另一份")

    assert (days(tmp_path, "a.md"), days(tmp_path, "b.md")) == ([3], [1, 2])


def test_documents_that_changed_places_took_their_versions_along(tmp_path: Path) -> None:
    commit(repository(tmp_path), 1, a="甲")
    commit(tmp_path, 2, b="乙")
    move(tmp_path, 3, "a.md", "c.md")
    move(tmp_path, 4, "b.md", "a.md")
    move(tmp_path, 5, "c.md", "b.md")

    assert (days(tmp_path, "a.md"), days(tmp_path, "b.md")) == ([2, 4], [1, 3, 5])


def test_a_document_that_was_moved_and_changed_at_once_is_joined_by_whoever_knows_both_places(tmp_path: Path) -> None:
    commit(repository(tmp_path), 1, a=LONG)
    git(tmp_path, "mv", "a.md", "b.md")
    commit(tmp_path, 2, b=LONG + "又一条。\n")

    assert (days(tmp_path, "b.md"), days(tmp_path, "a.md", "b.md")) == ([2], [1, 2])


def test_a_deletion_is_no_version_and_a_document_made_anew_has_both_lives(tmp_path: Path) -> None:
    commit(repository(tmp_path), 1, a="甲", b="别的")
    commit(tmp_path, 2, a=None)
    assert days(tmp_path, "a.md") == [1]

    commit(tmp_path, 3, a="乙")
    assert days(tmp_path, "a.md") == [1, 3]


def test_a_change_on_a_branch_is_told_once_with_its_own_commit(tmp_path: Path) -> None:
    commit(repository(tmp_path), 1, a="甲", b="乙")
    git(tmp_path, "checkout", "-q", "-b", "branch")
    commit(tmp_path, 2, a="丙")
    git(tmp_path, "checkout", "-q", "main")
    commit(tmp_path, 3, b="丁")
    git(tmp_path, "merge", "-q", "--no-edit", "branch", day=4)

    assert (days(tmp_path, "a.md"), days(tmp_path, "b.md")) == ([1, 2], [1, 3])


def test_a_merge_that_joined_two_changes_is_a_version(tmp_path: Path) -> None:
    commit(repository(tmp_path), 1, a=LONG)
    git(tmp_path, "checkout", "-q", "-b", "branch")
    commit(tmp_path, 2, a="新的第一行。\n" + LONG)
    git(tmp_path, "checkout", "-q", "main")
    commit(tmp_path, 3, a=LONG + "新的末行。\n")
    git(tmp_path, "merge", "-q", "--no-edit", "branch", day=4)
    found = history(tmp_path).of(["a.md"])

    assert days(tmp_path, "a.md") == [1, 2, 3, 4]
    assert found[-1].blob == git(tmp_path, "rev-parse", "HEAD:a.md")


def moved_on_a_branch(folder: Path, *, moved: int, changed: int) -> None:
    """main changes a document on one day, a branch moves it on another."""
    commit(repository(folder), 1, a=LONG, z="别的")
    git(folder, "checkout", "-q", "-b", "branch")
    move(folder, moved, "a.md", "b.md")
    git(folder, "checkout", "-q", "main")
    commit(folder, changed, a=LONG + "新的末行。\n")


@pytest.mark.parametrize(("moved", "changed"), [(3, 2), (2, 3)], ids=["moved last", "changed last"])
@pytest.mark.parametrize(("here", "there"), [("main", "branch"), ("branch", "main")])
def test_a_document_moved_on_one_branch_and_changed_on_the_other_keeps_every_version(
    tmp_path: Path, moved: int, changed: int, here: str, there: str
) -> None:
    moved_on_a_branch(tmp_path, moved=moved, changed=changed)
    git(tmp_path, "checkout", "-q", here)
    git(tmp_path, "merge", "-q", "--no-edit", there, day=4)

    assert sorted(history(tmp_path).versions) == ["b.md", "z.md"]
    assert days(tmp_path, "b.md") == [1, 2, 3, 4]
    assert days(tmp_path, "z.md") == [1]


def test_a_clock_that_went_wrong_does_not_change_the_order(tmp_path: Path) -> None:
    commit(repository(tmp_path), 5, a="甲")
    commit(tmp_path, 2, a="乙")

    assert days(tmp_path, "a.md") == [5, 2]
    assert history(tmp_path).of(["a.md"])[-1].blob == git(tmp_path, "rev-parse", "HEAD:a.md")


def test_versions_of_one_second_stay_in_their_order(tmp_path: Path) -> None:
    made = [commit(repository(tmp_path), 1, a="0"), *(commit(tmp_path, 1, a=f"{n}") for n in range(1, 4))]

    assert [version.commit for version in history(tmp_path).of(["a.md"])] == made


def test_a_commit_that_left_two_places_is_told_once() -> None:
    one, other = Version("a", 1, "x"), Version("b", 2, "y")
    found = History("b", versions={"a.md": [one, other], "b.md": [other]})

    assert found.of(["a.md", "b.md"]) == (one, other)


# Clones that do not have everything


def shallow_clone(tmp_path: Path, depth: int) -> Path:
    git(tmp_path, "clone", "-q", f"--depth={depth}", f"file://{tmp_path / 'full'}", str(tmp_path / "clone"))
    return tmp_path / "clone"


def test_a_shallow_clone_does_not_take_its_boundary_for_a_version(tmp_path: Path) -> None:
    full = repository(tmp_path / "full")
    commit(full, 1, a="甲", b="乙")
    commit(full, 2, a="丙")
    commit(full, 3, a="丁")
    clone = shallow_clone(tmp_path, 2)

    assert history(clone).is_shallow
    assert (days(clone, "a.md"), days(clone, "b.md")) == ([3], [])
    assert not history(full).is_shallow


def test_a_shallow_clone_of_a_sub_folder_finds_its_boundary(tmp_path: Path) -> None:
    full = repository(tmp_path / "full")
    commit_files(full, 1, {"网站/docs/a.md": "甲"})
    commit_files(full, 2, {"网站/docs/a.md": "乙"})

    assert days(shallow_clone(tmp_path, 1) / "网站" / "docs", "a.md") == []


def test_a_shallow_clone_with_a_merge_in_it_knows_what_came_after_its_boundary(tmp_path: Path) -> None:
    full = repository(tmp_path / "full")
    commit(full, 1, a="甲", b="乙")
    commit(full, 2, a="丙")
    git(full, "checkout", "-q", "-b", "branch")
    commit(full, 3, a="丁")
    git(full, "checkout", "-q", "main")
    commit(full, 4, b="戊")
    git(full, "merge", "-q", "--no-edit", "branch", day=5)
    clone = shallow_clone(tmp_path, 3)

    assert (days(clone, "a.md"), days(clone, "b.md")) == ([3], [4])


def test_what_a_commit_held_is_told_in_a_shallow_clone(tmp_path: Path) -> None:
    full = repository(tmp_path / "full")
    commit(full, 1, a="甲")
    commit(full, 2, a="乙")
    clone = shallow_clone(tmp_path, 1)
    (clone / "a.md").write_text("丙", "utf-8")

    assert changed_since(known(clone), "HEAD") == {"a.md": "乙".encode()}


# What an earlier commit held


def test_what_is_otherwise_now_is_told_with_what_it_was(tmp_path: Path) -> None:
    binary = bytes(range(256)) * 3
    (repository(tmp_path) / "a.xlsx").write_bytes(binary)
    first = commit(tmp_path, 1, same="同", changed="前\n\n", gone="去", 空="", committed="前")
    commit(tmp_path, 2, committed="后")
    (tmp_path / "a.xlsx").write_bytes(b"")
    (tmp_path / "changed.md").write_text("后", "utf-8")
    (tmp_path / "空.md").write_text("不空", "utf-8")
    (tmp_path / "gone.md").unlink()
    (tmp_path / "added.md").write_text("加", "utf-8")
    git(tmp_path, "add", "added.md")

    assert changed_since(known(tmp_path), first) == {
        "a.xlsx": binary,
        "added.md": None,
        "changed.md": "前\n\n".encode(),
        "committed.md": "前".encode(),
        "gone.md": "去".encode(),
        "空.md": b"",
    }


def test_what_is_as_it_was_is_not_told(tmp_path: Path) -> None:
    first = commit(repository(tmp_path), 1, a="甲")
    (tmp_path / "untracked.md").write_text("乙", "utf-8")
    os.utime(tmp_path / "a.md", (EPOCH, EPOCH))

    assert changed_since(known(tmp_path), first) == {}


def test_a_moved_file_is_gone_and_added(tmp_path: Path) -> None:
    first = commit(repository(tmp_path), 1, a=LONG)
    git(tmp_path, "mv", "a.md", "b.md")

    assert changed_since(known(tmp_path), first) == {"a.md": LONG.encode(), "b.md": None}


def test_what_changed_outside_docs_is_not_told(tmp_path: Path) -> None:
    docs = repository(tmp_path) / "docs"
    first = commit_files(tmp_path, 1, {"docs/a.md": "甲", "README.md": "外"})
    commit_files(tmp_path, 2, {"docs/a.md": "乙", "README.md": "外外"})

    assert changed_since(known(docs), first) == {"a.md": "甲".encode()}


def test_a_file_in_the_midst_of_a_conflict_is_told_once(tmp_path: Path) -> None:
    commit(repository(tmp_path), 1, a="甲\n")
    git(tmp_path, "checkout", "-q", "-b", "branch")
    commit(tmp_path, 2, a="乙\n")
    git(tmp_path, "checkout", "-q", "main")
    commit(tmp_path, 3, a="丙\n")
    with pytest.raises(subprocess.CalledProcessError):
        git(tmp_path, "merge", "-q", "branch")

    assert changed_since(known(tmp_path), "HEAD") == {"a.md": "丙\n".encode()}


def test_a_commit_that_is_not_there_is_refused(tmp_path: Path) -> None:
    commit(repository(tmp_path), 1, a="甲")

    with pytest.raises(HistoryError):
        changed_since(known(tmp_path), "0" * 40)


def test_paths_that_a_commit_does_not_have_are_told(tmp_path: Path) -> None:
    docs = repository(tmp_path) / "docs"
    names = ["办法.md", "表 一.md", '引"号.md', "深/层.md", "a missing.md", "a:b.md"]
    first = commit_files(tmp_path, 1, {f"docs/{name}": "甲" for name in names})
    commit_files(tmp_path, 2, {"docs/later.md": "乙"})

    new = ["later.md", "没有 的.md", "办法.md/x.md", "层.md", "a.md"]
    assert unknown_to(known(docs), first, [*names, *new]) == frozenset(new)
    assert unknown_to(known(docs), first, []) == frozenset()


@pytest.mark.parametrize(
    "name", ["分\u2028行.md", "换\x0c页.md", "旧\udcb1\udced.md"], ids=["U+2028", "form feed", "no UTF-8"]
)
def test_a_strange_path_that_a_commit_does_not_have_is_told(tmp_path: Path, name: str) -> None:
    first = commit(repository(tmp_path), 1, a="甲")

    assert unknown_to(known(tmp_path), first, ["a.md", name]) == frozenset({name})


def test_ten_thousand_paths_are_asked_at_once(tmp_path: Path) -> None:
    first = commit(repository(tmp_path), 1, a="甲")
    paths = [f"通知公告/{n}.md" for n in range(10_000)]

    assert unknown_to(known(tmp_path), first, ["a.md", *paths]) == frozenset(paths)


# A commit by its name


def test_a_commit_is_told_with_its_moment_however_it_is_named(tmp_path: Path) -> None:
    first = commit(repository(tmp_path), 1, a="甲")
    second = commit(tmp_path, 2, a="乙")
    git(tmp_path, "tag", "-a", "-m", "标记", "发布/一", first)

    assert commit_of(known(tmp_path), "HEAD") == (second, EPOCH + 2 * DAY)
    assert commit_of(known(tmp_path), "main~1") == (first, EPOCH + DAY)
    assert commit_of(known(tmp_path), "发布/一") == (first, EPOCH + DAY)
    assert commit_of(known(tmp_path), first[:12]) == (first, EPOCH + DAY)


@pytest.mark.parametrize(
    "revision",
    [
        "",
        " ",
        "没有",
        "--output=x",
        "--all",
        "-1",
        "--",
        "HEAD --all",
        "HEAD:a.md",
        "HEAD:",
        "HEAD^{tree}",
        "^HEAD",
        "0" * 40,
    ],
)
def test_what_names_no_commit_is_refused_and_does_nothing(tmp_path: Path, revision: str) -> None:
    commit(repository(tmp_path), 1, a="甲")

    with pytest.raises(HistoryError, match="这个提交") as refused:
        commit_of(known(tmp_path), revision)

    assert str(refused.value) == f"没有“{revision}”这个提交"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".git", "a.md"]


def test_a_range_of_commits_is_no_commit(tmp_path: Path) -> None:
    commit(repository(tmp_path), 1, a="甲")
    commit(tmp_path, 2, a="乙")

    with pytest.raises(HistoryError):
        commit_of(known(tmp_path), "HEAD~1..HEAD")


# Lines that ever were


def added(docs: Path, wanted: str = "N-") -> set[str]:
    return set(lines_ever_added(known(docs), wanted))


def on_main(folder: Path) -> None:
    commit(folder, 2, a="甲 N-2\n")
    commit(folder, 3, a="乙 N-3\n")


def deleted(folder: Path) -> None:
    commit(folder, 2, a="甲 N-2\n", b="乙 N-3\n")
    commit(folder, 3, a=None, b=None)


def moved_and_changed(folder: Path) -> None:
    commit(folder, 2, a=f"{LONG}甲 N-2\n")
    git(folder, "mv", "a.md", "b.md")
    commit(folder, 3, b=f"{LONG}乙 N-3\n")


def on_other_branches(folder: Path) -> None:
    git(folder, "checkout", "-q", "-b", "branch")
    commit(folder, 2, a="甲 N-2\n")
    git(folder, "checkout", "-q", "main")
    commit(folder, 3, a="乙 N-3\n")


def on_a_tag_and_a_detached_head(folder: Path) -> None:
    git(folder, "checkout", "-q", "--detach")
    commit(folder, 2, a="甲 N-2\n")
    git(folder, "tag", "release")
    git(folder, "checkout", "-q", "--detach", "main")
    commit(folder, 3, a="乙 N-3\n")


def in_a_merge(folder: Path) -> None:
    git(folder, "checkout", "-q", "-b", "branch")
    commit(folder, 2, a="甲 N-2\n")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "--no-commit", "branch")
    commit(folder, 3, a="乙 N-3\n")
    commit(folder, 4, a="丙\n")


@pytest.mark.parametrize(
    "life", [on_main, deleted, moved_and_changed, on_other_branches, on_a_tag_and_a_detached_head, in_a_merge]
)
def test_a_line_is_found_wherever_it_ever_was(tmp_path: Path, life: Callable[[Path], None]) -> None:
    commit(repository(tmp_path), 1, first="一\n")

    life(tmp_path)

    assert {"甲 N-2", "乙 N-3"} <= added(tmp_path)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("信息索取号: N-1", {"信息索取号: N-1"}),
        ("N-1\r\n乙 N-2\r\n", {"N-1\r", "乙 N-2\r"}),
        ("- N-1\n-- N-2\n--- N-3\n", {"- N-1", "-- N-2", "--- N-3"}),
        ("+ N-1\n++ N-2\n+++ b/N-3\n", {"+ N-1", "++ N-2", "+++ b/N-3"}),
        ("甲\x0c乙 N-1\n", {"甲\x0c乙 N-1"}),
        ("甲\u2028乙 N-1\n", {"甲\u2028乙 N-1"}),
        ("甲\x0b乙 N-1\n", {"甲\x0b乙 N-1"}),
    ],
    ids=["no newline", "CRLF", "hyphens", "plus signs", "form feed", "U+2028", "vertical tab"],
)
def test_a_line_is_told_as_it_was(tmp_path: Path, text: str, lines: set[str]) -> None:
    (repository(tmp_path) / "a.md").write_bytes(text.encode())
    commit(tmp_path, 1)

    assert {line.rstrip("\r") for line in added(tmp_path)} == {line.rstrip("\r") for line in lines}


def test_a_line_of_another_encoding_is_found(tmp_path: Path) -> None:
    (repository(tmp_path) / "a.md").write_bytes("信息索取号: N-1 办法\n".encode("gbk"))
    commit(tmp_path, 1)

    assert ["N-1" in line for line in added(tmp_path)] == [True]


def test_lines_outside_docs_and_uncommitted_ones_are_not_told(tmp_path: Path) -> None:
    docs = repository(tmp_path) / "docs"
    commit_files(tmp_path, 1, {"docs/a.md": "N-1\n", "README.md": "N-2\n"})
    (docs / "a.md").write_text("N-3\n", "utf-8")

    assert added(docs) == {"N-1"}


def test_a_line_that_nobody_wrote_is_not_found(tmp_path: Path) -> None:
    commit(repository(tmp_path), 1, a="甲\n")

    assert added(tmp_path) == set()


def test_asking_changes_nothing(tmp_path: Path) -> None:
    first = commit(repository(tmp_path), 1, a="甲")
    os.utime(tmp_path / "a.md", (EPOCH, EPOCH))
    before = (tmp_path / ".git" / "index").read_bytes()

    answers = [days(tmp_path, "a.md"), changed_since(known(tmp_path), first), added(tmp_path)]

    assert answers == [[1], {}, set()]
    assert (tmp_path / ".git" / "index").read_bytes() == before
