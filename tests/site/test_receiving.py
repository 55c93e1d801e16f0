"""A push publishes, or says why not; whatever happens in between, the public sees a whole site."""

import fcntl
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from gongkai.receiving.repository import RefusedError
from gongkai.receiving.upkeep import repair, roll_back, tick, unpin
from tests.site.receiving import BASE, FIRST, Office, ended, open_office, paper
from tests.site.repositories import git

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "refused_pushes.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("office"))


def test_a_push_is_published_as_a_release_of_its_commit(office: Office) -> None:
    printed = office.printed[0]

    assert f"已发布，公开文件 {len(FIRST)} 件：{BASE}" in printed
    assert office.site.joinpath("releases", git(office.clerk, "rev-parse", "origin/main").strip()).is_dir()
    assert (office.public / "notices/1/index.html.gz").is_file()
    assert {path.name for path in office.site.iterdir()} == {
        "current",
        "releases",
        "previews",
        ".build",
        "redirects.map",
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_push_with_errors_is_refused_in_plain_words(
    office: Office, case: Mapping[str, Mapping[str, Mapping[str, str]]]
) -> None:
    before, main = office.current, office.main
    office.commit(changed(office, case), *case.get("gone", ()))

    pushed = office.push()

    assert not pushed.is_accepted
    assert [words for words in case["printed"] if words not in pushed.printed] == [], pushed.printed
    assert (office.current, office.main) == (before, main)


def changed(office: Office, case: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[str, str]:
    """The files that a case is about."""
    found = {path: paper(int(Path(path).stem), **fields) for path, fields in case.get("files", {}).items()}
    if "settings" in case:
        old, new = case["settings"]
        found["mkdocs.yml"] = (office.clerk / "mkdocs.yml").read_text("utf-8").replace(old, new)
    return found


def test_history_cannot_be_taken_back(office: Office) -> None:
    office.commit({})
    git(office.clerk, "commit", "-q", "--amend", "--allow-empty", "-m", "另一个开头")
    git(office.clerk, "update-ref", "HEAD", git(office.clerk, "commit-tree", "HEAD^{tree}", "-m", "新").strip())

    forced, deleted = office.push("+HEAD:main"), office.push(":main")

    assert "不要加 --force" in forced.printed
    assert "不能删除 main" in deleted.printed
    assert not forced.is_accepted
    assert not deleted.is_accepted


def test_a_push_is_content_and_runs_nothing_of_its_own(office: Office, tmp_path: Path) -> None:
    """Hooks, templates and tags of a push are there to be read by people only."""
    trap = tmp_path / "sprung"
    settings = (office.clerk / "mkdocs.yml").read_text("utf-8")
    evil = f"from pathlib import Path\nPath({str(trap)!r}).touch()\n"
    office.commit(
        {
            "mkdocs.yml": settings.replace("hooks: [hooks/events.py]", "hooks: [hooks/events.py, trap.py]")
            + f"\nwatch2: !!python/object/apply:os.mkdir ['{trap}']\n",
            "trap.py": evil,
            "hooks/events.py": evil,
            "overrides/main.html": "{{ cycler.__init__.__globals__.os.mkdir('" + str(trap) + "') }}",
            "docs/notices/10.md": paper(10),
        }
    )

    pushed = office.push()

    assert pushed.is_accepted, pushed.printed
    assert "推送里改了程序或模板（hooks/events.py、overrides/main.html）" in pushed.printed
    assert "第10号通知" in (office.public / "notices/10/index.html").read_text("utf-8")
    assert not trap.exists()


def test_a_link_in_a_push_leads_nowhere(office: Office, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(paper(11, "服务器上的秘密"), "utf-8")
    office.commit({})
    (office.clerk / "docs/notices/11.md").symlink_to(secret)
    git(office.clerk, "add", "-A")
    git(office.clerk, "commit", "-q", "-m", "链接")

    pushed = office.push()

    assert not pushed.is_accepted
    assert "docs/notices/11.md: 这是一个链接" in pushed.printed


def test_another_branch_is_shown_at_an_address_nobody_can_guess(office: Office) -> None:
    files = {"docs/notices/20.md": paper(20), "docs/notices/21.md": paper(21, 时效="草稿")}
    office.commit(files)

    first, again = office.push("HEAD:refs/heads/征求意见"), office.deliver("另一个")
    token = first.printed.rpartition("previews/")[2].partition("/")[0]
    preview = office.site / "previews" / token
    page = (preview / "notices/20/index.html").read_text("utf-8")

    assert first.is_accepted
    assert len(token) == 32
    assert token not in again
    assert '<meta name="robots" content="noindex">' in page
    assert not (preview / "sitemap.xml").exists()
    assert not (preview / "notices/21").exists()
    assert not (office.public / "notices/20").exists()
    assert f"{BASE}previews/{token}/" in first.printed

    gone = office.push(":refs/heads/征求意见")

    assert "它的预览也已撤下" in gone.printed
    assert not preview.exists()


def test_a_push_waits_for_the_one_before_it(office: Office) -> None:
    office.commit({"docs/notices/30.md": paper(30)})
    with (office.repository / "gongkai/lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        push = office.start()
        assert push.stderr is not None
        first = push.stderr.readline()
        is_published = (office.public / "notices/30").exists()

    pushed = ended(push)

    assert "前面有人正在发布，排队等候……" in first
    assert (is_published, pushed.is_accepted) == (False, True)
    assert (office.public / "notices/30/index.html").is_file()


@pytest.mark.long
def test_of_two_pushes_at_once_one_is_published_and_the_other_told_to_pull(office: Office) -> None:
    office.commit({"docs/notices/31.md": paper(31)})
    other = office.folder / "other"
    git(office.folder, "clone", "-q", str(office.repository), str(other))
    (other / "docs/notices/32.md").write_text(paper(32), "utf-8")
    git(other, "add", "-A")
    git(other, "commit", "-q", "-m", "另一位")

    both = [ended(push) for push in (office.start(), office.start(clone=other))]

    winners = [pushed.is_accepted for pushed in both]
    assert sorted(winners) == [False, True], both
    assert "git pull" in both[winners.index(False)].printed
    shown = [(office.public / f"notices/{number}").exists() for number in (31, 32)]
    assert shown == winners


def test_going_back_holds_until_the_pin_is_let_go(office: Office) -> None:
    office.commit({"docs/notices/40.md": paper(40)})
    office.deliver()
    newest = office.current

    target = roll_back(office.server(), "", is_forced=False)

    assert office.current == f"releases/{target.name}" != newest
    assert not (office.public / "notices/40").exists()
    assert tick(office.server()) is False
    assert office.server().pinned == target.name

    assert unpin(office.server())
    assert office.current == newest


def test_what_was_withdrawn_cannot_come_back_by_an_old_release(office: Office) -> None:
    office.commit({"docs/notices/41.md": paper(41, "要撤回的正文")})
    office.deliver()
    kept = office.current
    office.commit({"docs/notices/41.md": paper(41, "要撤回的正文", 撤回="{日期: 2026-02-01, 原因: 附表有误}")})
    copy = office.folder / "copy"
    shutil.copytree(office.site / kept, copy)

    office.deliver()
    is_dropped = not (office.site / kept).exists()
    shutil.move(copy, office.site / kept)

    assert is_dropped
    with pytest.raises(RefusedError, match="信息索取号 SLKJ00012/2026-00041：现在已撤回，那时公开全文"):
        roll_back(office.server(), Path(kept).name, is_forced=False)
    assert "要撤回的正文" not in (office.public / "notices/41/index.html").read_text("utf-8")


def test_a_preview_goes_with_what_the_site_takes_down(office: Office) -> None:
    office.commit({"docs/notices/42.md": paper(42)})
    office.deliver()
    printed = office.deliver("旧稿")
    preview = office.site / "previews" / printed.rpartition("previews/")[2].partition("/")[0]
    was_there = (preview / "notices/42/index.html").is_file()
    office.commit({"docs/notices/42.md": paper(42, 撤回="{日期: 2026-02-01, 原因: 附表有误}")})

    printed = office.deliver()

    assert was_there
    assert "分支 旧稿 的预览里有刚撤下的内容，预览已一并撤下。" in printed
    assert not preview.exists()


def test_a_preview_whose_making_was_broken_off_is_made_anew_by_the_next_tick(office: Office) -> None:
    """What it shows is not known, so it could not be taken down with what the site takes down."""
    office.commit({"docs/notices/45.md": paper(45)})
    token = office.deliver("半途").rpartition("previews/")[2].partition("/")[0]
    known = office.repository / "gongkai/previews" / token / "facts.json"
    known.unlink()

    is_due, is_due_again = tick(office.server()), tick(office.server())

    assert (is_due, is_due_again) == (True, False)
    assert known.is_file()
    assert (office.site / "previews" / token / "notices/45/index.html").is_file()


def test_a_pin_gives_way_to_a_document_whose_time_is_over(office: Office) -> None:
    office.commit({"docs/notices/43.md": paper(43, 公开时限="限时公开至2095-06-30")})
    office.deliver()
    office.commit({"docs/notices/44.md": paper(44)})
    office.deliver()
    roll_back(office.server(), "", is_forced=False)

    is_early, still_pinned = tick(office.server("2095-06-30T23:59")), office.server().pinned
    is_due = tick(office.server("2095-07-01T00:00"))

    assert (is_early, bool(still_pinned)) == (False, True)
    assert (is_due, office.server().pinned) == (True, "")
    assert "公开期" in (office.public / "notices/43/index.html").read_text("utf-8")
    assert (office.public / "notices/44/index.html").is_file()
    tick(office.server())


def test_a_document_appears_when_its_time_has_come(office: Office) -> None:
    office.commit({"docs/notices/50.md": paper(50, 发布时间="2090-01-01 09:00:00")})
    office.deliver()
    before = office.current

    is_early = tick(office.server("2089-12-31T23:59"))
    early = office.current
    is_due = tick(office.server("2090-01-01T09:00"))

    assert (is_early, early) == (False, before)
    assert is_due
    assert (office.public / "notices/50/index.html").is_file()
    assert tick(office.server("2090-01-01T09:01")) is False
    assert tick(office.server())  # a clock that was set back: what is not public yet goes
    assert not (office.public / "notices/50").exists()


def test_a_push_that_was_accepted_and_not_published_is_made_up_for(office: Office) -> None:
    commit = office.commit({"docs/notices/60.md": paper(60)})
    hook = office.repository / "hooks/post-receive"
    hook.rename(hook.with_suffix(".off"))
    office.push()
    hook.with_suffix(".off").rename(hook)

    before = office.current
    tick(office.server())

    assert commit not in before
    assert office.current == f"releases/{commit}"
    assert (office.public / "notices/60/index.html").is_file()


@pytest.mark.long
def test_locks_of_a_killed_git_do_not_stop_the_next_push(office: Office) -> None:
    for lock in ("refs/heads/main.lock", "gongkai/main/tree/.git/index.lock"):
        (office.repository / lock).touch()
    office.commit({"docs/notices/61.md": paper(61)})

    pushed = office.push()

    assert pushed.is_accepted, pushed.printed
    assert (office.public / "notices/61/index.html").is_file()


SEEDS = [*range(4), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 24))]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_push_killed_at_random_leaves_a_whole_site_and_loses_nothing(office: Office, seed: int) -> None:
    number = 100 + seed
    commit = office.commit({f"docs/notices/{number}.md": paper(number, "改" * (seed + 1))})
    before = whole(office)

    push = office.start()
    time.sleep(random.Random(seed).uniform(0.1, 2.0))
    killed(push)
    after = whole(office)
    is_accepted = office.main == commit
    repair(office.server())

    assert after in (before, office.current)
    assert whole(office).removeprefix("releases/").startswith(office.main)
    assert (office.public / f"notices/{number}/index.html").exists() == is_accepted
    assert list(office.site.glob("releases/.*")) == []


def killed(push: "subprocess.Popen[str]") -> None:
    """Kill the push and its hooks, as a machine that fails does."""
    with suppress(ProcessLookupError):
        os.killpg(push.pid, signal.SIGKILL)
    push.communicate(timeout=60)


def whole(office: Office) -> str:
    """The public release, which has all that its own list of documents names."""
    name = office.current
    rows = yaml.safe_load((office.public / "data/2026.json").read_text("utf-8"))
    missing = [row["url"] for row in rows if not (office.public / row["url"] / "index.html").is_file()]
    assert missing == []
    assert (office.public / "search/index/start.bin").is_file()
    return name
