"""What receiving decides without a push: settings, releases, and what a pushed mkdocs.yml may say."""

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gongkai.commands.receive import program
from gongkai.engine.settings import read_settings as read_site_settings
from gongkai.memory.files import write_atomically
from gongkai.receiving.checkout import Checkout, FlawedError
from gongkai.receiving.releases import (
    BuildInfo,
    Release,
    Releases,
    exposed_again,
    find,
    is_exposing,
    is_reviving,
    redirects,
    to_be_removed,
)
from gongkai.receiving.repository import (
    BusyError,
    RefusedError,
    Repository,
    SetUpError,
    Update,
    end_handover,
    hand_over,
    publishing_lock,
    read_updates,
    start_time,
)
from gongkai.receiving.server import Settings, read_settings, set_up, settings_text
from tests.site.repositories import git, repository
from tests.writing import NOW

ROOT = Path(__file__).parents[2]
#: Unicode's separator of lines, which is none to git.
LINE = "\u2028"
PLAIN = (ROOT / "mkdocs.yml").read_text("utf-8")


# Setting up


def settings_in(folder: Path, text: str) -> Settings:
    write_atomically(folder / "gongkai/settings.toml", text.encode())
    return read_settings(Repository(folder))


def test_the_settings_that_are_written_are_read_back(tmp_path: Path) -> None:
    given = Settings(site=Path('/srv/"网站"'), base_url="https://gongkai.example/", branch="发布", keep=3)

    assert settings_in(tmp_path, settings_text(given)) == given


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('site = "/srv/www"\nkep = 3\n', "kep: 没有“kep”这一项。是不是“keep”？"),
        ('site = "/srv/www"\nkeep = 0\n', "keep: 数字太小，实为“0”"),
        ('site = "/srv/www"\nbase_url = "gongkai.example"\n', "base_url: 写法不对，实为“gongkai.example”"),
        ('site = "www"\n', "site: 应为以 / 开头的路径，实为“www”"),
        ("keep = 3\n", "site: 缺少这一项，请补上"),
        ("site = /srv\n", "写法有误"),
    ],
)
def test_settings_that_cannot_be_used_are_named(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SetUpError, match=r"settings\.toml") as refused:
        settings_in(tmp_path, text)

    assert why in str(refused.value)


def test_setting_up_twice_mends_the_hooks_and_changes_nothing_else(tmp_path: Path) -> None:
    path, given = tmp_path / "site.git", Settings(site=tmp_path / "www", keep=5)
    set_up(path, program(), given, echo=_silent)
    config = (path / "config").read_text("utf-8")
    (path / "hooks/pre-receive").write_text("exit 1\n", "utf-8")

    echoed = list[str]()
    set_up(path, Path("/opt/公 开/gongkai"), None, echo=echoed.append)

    assert echoed[0].startswith("已写好钩子")
    assert "exec '/opt/公 开/gongkai' receive accept\n" in (path / "hooks/pre-receive").read_text("utf-8")
    assert os.access(path / "hooks/post-receive", os.X_OK)
    assert (path / "config").read_text("utf-8") == config
    assert read_settings(Repository(path)) == given


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("别人的", "utf-8")

    with pytest.raises(SetUpError, match="里已有别的文件"):
        set_up(tmp_path, program(), Settings(site=tmp_path / "www"), echo=_silent)

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_what_git_hands_a_hook_is_read() -> None:
    zeros, one = "0" * 40, "a" * 40

    assert read_updates(f"{zeros} {one} refs/heads/征求{LINE}意见\n{one} {zeros} refs/tags/v1\n") == [
        Update("", one, f"refs/heads/征求{LINE}意见"),
        Update(one, "", "refs/tags/v1"),
    ]


def test_a_branch_may_bear_any_name_that_git_allows(tmp_path: Path) -> None:
    made = repository(tmp_path / "clerk", {"a": "。"}, "2026-01-20T10:00:00+08:00")
    git(made, "branch", f"征求{LINE}意见")

    assert set(Repository(made).branches()) == {"main", f"征求{LINE}意见"}


# What a pushed mkdocs.yml may say


def checkout_of(folder: Path, files: Mapping[str, str]) -> Checkout:
    """A commit of `files`, checked out."""
    made = repository(folder / "clerk", {"docs/notices/1.md": "。", **files}, "2026-01-20T10:00:00+08:00")
    bare = folder / "site.git"
    git(folder, "clone", "-q", "--bare", str(made), str(bare))
    checkout = Checkout(Repository(bare), folder / "checkout")
    checkout.check_out(git(bare, "rev-parse", "main").strip())
    return checkout


def test_facts_come_from_the_push_and_all_else_from_the_installation(tmp_path: Path) -> None:
    pushed = PLAIN.replace("示例市科学技术局", "虚构市科技局").replace("icp: 示例ICP备00000000号", "")
    pushed = pushed.replace("hooks: [hooks/events.py]", "hooks: [evil.py]").replace(
        "  custom_dir: overrides", "  custom_dir: evil"
    )
    checkout = checkout_of(tmp_path, {"mkdocs.yml": pushed, "synonyms.yml": "- [甲, 乙]\n"})

    address = checkout.write_settings(base_url="https://gongkai.example/sub")

    text = checkout.config_file.read_text("utf-8")
    site = read_site_settings(checkout.config_file, docs_dir=checkout.docs_dir).site
    assert address == "https://gongkai.example/sub/"
    assert site.organisation.name == "虚构市科技局"
    assert site.site.icp == ""  # none of the installation's own is mixed in
    assert "evil" not in text
    assert f"{ROOT}/hooks/events.py" in text
    assert "site_name: 虚构市科技局政府信息公开" in text
    assert (checkout.folder / "synonyms.yml").read_text("utf-8") == "- [甲, 乙]\n"


def _named(name: str) -> str:
    """The settings with another `site_name`."""
    return re.sub(r"(?m)^site_name: .*$", f"site_name: {name}", PLAIN)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (PLAIN.replace("code: SLKJ00012", "code: !!python/name:os.system"), "不能用“!”开头的标记"),
        (PLAIN.replace("code: SLKJ00012", "code: !ENV HOME"), "不能用“!”开头的标记"),
        (PLAIN.replace("columns:", "departments: &a []\n    columns: *a\n    more:"), "不能用“\\*”引用"),
        (PLAIN.replace("site_name:", "  site_name:"), "mkdocs.yml:3: 读不出来"),
        (PLAIN.replace("    organisation:", "    organization:"), "是不是“organisation”"),
        ("- 一\n", "应为一组设置"),
        (_named('!!python/object/apply:os.system ["true"]'), "不能用“!”开头的标记"),
        (_named("!ENV HOME"), "不能用“!”开头的标记"),
        (_named("2026"), "mkdocs.yml:\\d+: site_name: 应为一行文字，实为“2026”"),
        (_named("[甲, 乙]"), "site_name: 应为一行文字"),
        (PLAIN.replace("site_description: ", "site_description: !ENV "), "不能用“!”开头的标记"),
    ],
)
def test_settings_of_a_push_that_cannot_be_used_are_named(tmp_path: Path, settings: str, why: str) -> None:
    checkout = checkout_of(tmp_path, {"mkdocs.yml": settings})

    with pytest.raises(FlawedError, match=why):
        checkout.write_settings(base_url="")

    assert not checkout.config_file.exists()


def test_a_tree_is_just_what_its_commit_says_whatever_was_left_in_it(tmp_path: Path) -> None:
    checkout = checkout_of(tmp_path, {"mkdocs.yml": PLAIN})
    commit = git(checkout.repository.path, "rev-parse", "main").strip()
    (checkout.tree / "docs/notices/left.md").write_text("残留", "utf-8")
    (checkout.tree / "docs/notices/1.md").write_text("被改", "utf-8")

    checkout.check_out(commit)

    assert sorted(path.name for path in checkout.docs_dir.rglob("*.md")) == ["1.md"]
    assert (checkout.docs_dir / "notices/1.md").read_text("utf-8") == "。"


def test_a_tree_whose_index_is_torn_is_laid_out_anew(tmp_path: Path) -> None:
    checkout = checkout_of(tmp_path, {"mkdocs.yml": PLAIN})
    (checkout.tree / ".git/index").write_bytes(b"torn")

    checkout.check_out(git(checkout.repository.path, "rev-parse", "main").strip())

    assert (checkout.docs_dir / "notices/1.md").read_text("utf-8") == "。"


# Releases


def info(commit: str = "a", *, files: tuple[str, ...] = (), **documents: str) -> BuildInfo:
    return BuildInfo(commit, NOW, None, commit, "https://gongkai.example/", 1, documents, files)


def test_a_release_shares_its_files_and_is_shown_by_one_link(tmp_path: Path) -> None:
    built, releases = tmp_path / "built", Releases(tmp_path / "www")
    (built / "notices/1").mkdir(parents=True)
    (built / "notices/1/index.html").write_text("一", "utf-8")
    moved = replace(info("b" * 40), moves=(("notices/%E6%97%A7/", "notices/1/"),))

    first, again = releases.add(built, moved), releases.add(built, moved)
    releases.publish(first)

    page = releases.site / "current/www/notices/1/index.html"
    assert page.stat().st_ino == (built / "notices/1/index.html").stat().st_ino
    assert (first.name, again.name) == ("b" * 40, "b" * 40 + "-2")
    assert (releases.site / "current/moved/notices/旧/is").is_file()
    assert (releases.site / "redirects.map").read_text("utf-8") == '"/notices/旧/" "/notices/1/";\n'
    assert [release.name for release in releases.newest_first()] == [again.name, first.name]
    assert releases.current() == first


def test_a_list_of_moved_addresses_that_stays_the_same_is_not_written_anew(tmp_path: Path) -> None:
    """nginx reads it again whenever it is."""
    built, releases = tmp_path / "built", Releases(tmp_path / "www")
    built.mkdir()
    release = releases.add(built, replace(info(), moves=(("a/", "b/"),)))
    releases.publish(release)
    first = (releases.site / "redirects.map").stat().st_ino

    releases.publish(release)

    assert (releases.site / "redirects.map").stat().st_ino == first


def test_the_list_of_moved_addresses_cannot_break_out_of_its_quotes() -> None:
    assert redirects([("a%22%5C;/", "b/"), ("c%0A/", "b/")]) == '"/a\\"\\\\;/" "/b/";\n'


@pytest.mark.parametrize(
    ("then", "now", "lines"),
    [
        ("full", "full", 0),
        ("full", "tombstone", 1),
        ("full", "row", 1),
        ("row", "tombstone", 1),
        ("tombstone", "full", 0),
    ],
)
def test_an_old_release_is_judged_by_how_much_it_shows(then: str, now: str, lines: int) -> None:
    assert len(exposed_again(info(n1=then), info(n1=now))) == lines


def test_a_document_or_an_attachment_that_is_gone_must_not_come_back() -> None:
    old = info(files=("notices/a.pdf",), n1="row")

    assert exposed_again(old, info()) == [
        "信息索取号 n1：现在不公开，那时只列目录",
        "附件 notices/a.pdf：现在已经不公开",
    ]


def test_a_preview_may_add_documents_but_not_revive_one() -> None:
    assert not is_reviving(info(n1="full", n2="full"), info(n1="full"), ())
    assert is_reviving(info(n1="full"), info(n1="tombstone"), ())


def test_a_preview_may_not_show_an_attachment_that_the_site_took_down() -> None:
    preview = replace(info(), blobs=frozenset(["old"]))

    assert is_reviving(preview, info(), ["old"])
    assert not is_reviving(preview, info(), [])  # a file of the branch's own
    assert not is_reviving(preview, replace(info(), blobs=frozenset(["old"])), ["old"])


def test_a_release_with_an_attachment_that_is_gone_is_exposing() -> None:
    old = replace(info(files=("a.pdf",)), blobs=frozenset(["old"]))

    assert is_exposing(old, info())
    assert not is_exposing(old, replace(info(files=("b.pdf",)), blobs=frozenset(["old"])))  # renamed


def test_what_cannot_be_read_as_a_release_goes_but_for_what_is_public(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "www")
    for name in ("public", "torn"):
        (releases.folder / name).mkdir(parents=True)
        (releases.folder / name / "release.json").write_text("{}", "utf-8")
    releases.link.symlink_to(Path("releases", "public"))

    releases.remove_broken()

    assert [path.name for path in releases.folder.iterdir()] == ["public"]


def test_the_oldest_releases_go_and_those_that_expose_go_first() -> None:
    current = Release("d", info(n1="tombstone"))
    exposing, old = Release("c", info(n1="full")), [Release(name, info()) for name in "ba"]
    releases = [current, exposing, *old]

    dropped = to_be_removed(releases, current, keep=3, is_pinned=False)

    assert [release.name for release in dropped] == ["c", "a"]
    assert [r.name for r in to_be_removed(releases, current, keep=3, is_pinned=True)] == ["a"]


def test_a_release_is_found_by_the_beginning_of_its_name() -> None:
    releases = [Release("abc-2", info()), Release("abc", info()), Release("b1", info())]

    assert find(releases, "b").name == "b1"
    assert find(releases, "abc").name == "abc"
    with pytest.raises(RefusedError, match="可能是好几个版本"):
        find(releases, "ab")
    with pytest.raises(RefusedError, match="没有“c”这个版本"):
        find(releases, "c")


def test_a_site_is_due_at_its_instant_and_when_the_clock_was_set_back() -> None:
    until = replace(info(), until=NOW + timedelta(hours=1))

    assert [until.is_due(NOW + timedelta(minutes=minutes)) for minutes in (-1, 0, 59, 60)] == [True, False, False, True]


# The lock


def test_the_lock_is_waited_for_and_the_wait_has_an_end(tmp_path: Path) -> None:
    home, echoed = Repository(tmp_path), list[str]()
    home.folder.mkdir()

    with (
        publishing_lock(home, wait=1, echo=echoed.append),
        pytest.raises(BusyError, match="前面的发布还没有完"),
        publishing_lock(home, wait=0.2, echo=echoed.append),
    ):
        pass

    assert echoed == ["前面有人正在发布，排队等候……"]


def test_a_handover_keeps_the_lock_for_the_push_that_made_it_while_it_lives(tmp_path: Path) -> None:
    home = Repository(tmp_path)
    home.folder.mkdir()
    handover = home.handover_file
    handover.write_text(f'[{os.getpid()}, "{start_time(os.getpid())}"]', "ascii")

    with pytest.raises(BusyError), publishing_lock(home, wait=0.2, echo=_silent):
        pass
    handover.write_text(f'[{os.getpid()}, "another process of that id"]', "ascii")
    with publishing_lock(home, wait=0.2, echo=_silent):
        hand_over(home)
    with publishing_lock(home, wait=0.2, echo=_silent):  # of the same parent: the push itself
        end_handover(home)

    assert not handover.exists()


def _silent(line: str) -> None:
    """Nobody reads it."""
