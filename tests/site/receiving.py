"""A server that receives pushes, and a clerk's clone of it, both on this disk: what a clerk types, what it answers."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from gongkai.commands.receive import program
from gongkai.receiving.publish import publish
from gongkai.receiving.repository import Repository, Update
from gongkai.receiving.server import Server, Settings, read_settings, set_up
from tests.site.repositories import CLERK, git, write
from tests.writing import markdown

ROOT = Path(__file__).parents[2]
BASE = "http://127.0.0.1/"
ZONE = ZoneInfo("Asia/Shanghai")


def paper(number: int, body: str = "正文。", **fields: str | None) -> str:
    """A document that a clerk may publish in a push: dated after the commits that `git` makes."""
    own: dict[str, str | None] = {
        "标题": f"第{number}号通知",
        "信息索取号": f"SLKJ00012/2026-{number:05}",
        "生成日期": "2026-01-20",
        "发布时间": "2026-01-21 09:00:00",
    }
    return markdown(body, **{**own, **fields})


FIRST: Mapping[str, str] = {f"docs/notices/{number}.md": paper(number) for number in range(1, 8)}


@dataclass(frozen=True)
class Pushed:
    """How a push ended, and what the clerk read, without git's own marks."""

    is_accepted: bool
    printed: str


@dataclass(frozen=True)
class Office:
    """The server's repository and site below `folder`, and the clerk's clone."""

    folder: Path
    printed: list[str] = field(default_factory=list)

    @property
    def repository(self) -> Path:
        return self.folder / "site.git"

    @property
    def site(self) -> Path:
        return self.folder / "www"

    @property
    def clerk(self) -> Path:
        return self.folder / "clerk"

    @property
    def public(self) -> Path:
        return self.site / "current" / "www"

    @property
    def current(self) -> str:
        """The release that is public."""
        return os.readlink(self.site / "current")  # noqa: PTH115 - the name is wanted, not where it leads

    @property
    def main(self) -> str:
        return git(self.repository, "rev-parse", "main").strip()

    def commit(self, files: Mapping[str, str], *gone: str) -> str:
        """The clerk starts from what the server has, writes `files`, and commits; the commit."""
        git(self.clerk, "fetch", "-q")
        git(self.clerk, "checkout", "-q", "-f", "-B", "main", "origin/main")
        write(self.clerk, files)
        for path in gone:
            (self.clerk / path).unlink()
        git(self.clerk, "add", "-A")
        git(self.clerk, "commit", "-q", "--allow-empty", "-m", "改动")
        return git(self.clerk, "rev-parse", "HEAD").strip()

    def start(self, *words: str, clone: Path | None = None) -> "subprocess.Popen[str]":
        """`git push` in a process group of its own."""
        return subprocess.Popen(
            ["git", "push", "origin", *(words or ("HEAD:main",))],
            cwd=clone or self.clerk,
            env={**os.environ, **CLERK, "LC_ALL": "C"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def push(self, *words: str) -> Pushed:
        return ended(self.start(*words))

    def deliver(self, branch: str = "main") -> str:
        """The clerk's commit on `branch` without git's hooks, which take a second to start; what they would print."""
        old = git(self.repository, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}").strip()
        git(self.repository, "fetch", "-q", str(self.clerk), f"HEAD:refs/heads/{branch}")
        new = git(self.clerk, "rev-parse", "HEAD").strip()
        place = len(self.printed)
        publish(self.server(), [Update(old, new, f"refs/heads/{branch}")])
        return "\n".join(self.printed[place:])

    def server(self, now: str = "") -> Server:
        """The server as a command of its administrator opens it, at `now`."""
        repository = Repository(self.repository)
        moment = datetime.fromisoformat(now).replace(tzinfo=ZONE) if now else datetime.now(ZONE)
        return Server(repository, read_settings(repository), lambda: moment, moment, self.printed.append, _no_progress)


def ended(push: "subprocess.Popen[str]") -> Pushed:
    printed = push.communicate(timeout=900)[1]
    lines = [line.removeprefix("remote: ").rstrip() for line in printed.splitlines()]
    return Pushed(push.returncode == 0, "\n".join(lines))


def open_office(folder: Path, files: Mapping[str, str] = FIRST) -> Office:
    """An office whose first documents have been pushed."""
    office = furnished(folder, files)
    pushed = office.push()
    assert pushed.is_accepted, pushed.printed
    office.printed.append(pushed.printed)
    return office


def furnished(folder: Path, files: Mapping[str, str]) -> Office:
    """An office whose first documents are committed and not yet pushed."""
    office = Office(folder)
    set_up(office.repository, program(), Settings(site=office.site, base_url=BASE), echo=_silent)
    git(folder, "clone", "-q", str(office.repository), str(office.clerk))
    git(office.clerk, "checkout", "-q", "-B", "main")
    write(office.clerk, {"mkdocs.yml": (ROOT / "mkdocs.yml").read_text("utf-8"), **files})
    git(office.clerk, "add", "-A")
    git(office.clerk, "commit", "-q", "-m", "第一批文件")
    return office


def _silent(line: str) -> None:
    """Nobody reads it."""


def _no_progress(stage: str, done: int, total: int) -> None:
    """Nobody asked how far it is."""
