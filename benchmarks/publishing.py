"""`scripts/bench publish`: from a clerk's `git push` to the page that nginx sends and the search that finds it."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from threading import Event, Thread
from typing import NamedTuple
from urllib.parse import quote

from playwright.sync_api import sync_playwright

from benchmarks.corpus import paper, papers
from benchmarks.tools import gongkai
from gongkai.commands.receive import program
from tests.site.hosting import Nginx, served_by_nginx
from tests.site.receiving import Office, Pushed, furnished
from tests.site.repositories import git

_FLAGS = ["--no-sandbox", "--disable-gpu"]
_PUSHES = 10
_CONNECTIONS = 8
#: Documents that every push of the load changes, and one that none does.
_PAIR = (3, 4)
_STEADY = 5
_LUA = """\
local paths = {%s}
local n = 0
request = function()
  n = n %% #paths + 1
  return wrk.format("GET", paths[n], {["Accept-Encoding"] = "gzip"})
end
"""


class Step(NamedTuple):
    """What a clerk waited for, by the clock, and the CPU seconds of git, its hooks and all below them."""

    name: str
    seconds: float
    cpu: float


class Load(NamedTuple):
    """What readers saw while pushes were published: by wrk, and by one who reads a pair of pages again and again.

    Of wrk `seconds`, `requests`, how many `failed`, how many a second; of the other how many answers were `checked`, how
    many are of no release (`torn`), how often one was older than one before it (`backward`), the `longest` in seconds.
    """

    seconds: int
    requests: int
    failed: int
    per_second: float
    checked: int
    torn: int
    backward: int
    longest: float


def steps(size: int, folder: Path) -> Iterator[Step]:
    """Each step of the life of a server of `size` documents."""
    with _archive(size, folder) as (office, first), served_by_nginx(office.site, folder / "nginx") as nginx:
        yield first
        _commit(office, size, {size: "新增的一份文件，全网唯一的词：紫檀罗盘。"})
        began = time.monotonic()
        yield _measured("push of one new document", lambda: _accepted(office.push()))
        _wait_for_page(nginx, _url(size, size))
        served = time.monotonic() - began
        yield Step("… until nginx sends its page", served, 0)
        _wait_for_result(nginx, "紫檀罗盘", paper(size, size).title)
        yield Step("… until a browser's search shows it", time.monotonic() - began, 0)
        _commit(office, size, {size // 2: "改过的一份文件。"})
        yield _measured("push of one edited document", lambda: _accepted(office.push()))
        _commit(office, size, {size // 3: "坏日期"}, spoil=True)
        yield _measured("push that is refused", lambda: _refused(office.push()))
        where = ["--repository", str(office.repository)]
        yield _measured("tick with nothing due", lambda: _run([str(program()), "receive", "tick", *where]))
        yield _measured("rollback", lambda: _run([str(program()), "release", "rollback", *where]))


def under_load(size: int, folder: Path, seconds: int) -> Load:
    """What wrk's readers and a careful one saw while `_PUSHES` pushes were published."""
    with _archive(size, folder) as (office, _), served_by_nginx(office.site, folder / "nginx") as nginx:
        text = office.repository / "gongkai/settings.toml"
        text.write_text(text.read_text("utf-8").replace("keep = 10", "keep = 99"), "utf-8")
        reader, done = _Reader(nginx, size), Event()
        thread = Thread(target=reader.read, args=(done,))
        runs = [_wrk(nginx, size, folder, seconds)]
        thread.start()
        for number in range(1, _PUSHES + 1):
            if runs[-1].poll() is not None:  # a busy machine: the readers go on as long as there are pushes
                runs.append(_wrk(nginx, size, folder, seconds))
            _commit(office, size, dict.fromkeys(_PAIR, f"第{number:03}版。"))
            _accepted(office.push())
        output = "".join(run.communicate()[0] for run in runs)
        done.set()
        thread.join()
        released = _released(office, size)
        requests = sum(map(int, re.findall(r"(\d+) requests in", output)))
        rate = requests / (seconds * len(runs))
        return Load(len(runs) * seconds, requests, _failures(output), rate, *reader.results(released))


def _failures(output: str) -> int:
    """Answers that were no success, and sockets that failed."""
    bad = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", output)))
    sockets = re.findall(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output)
    return bad + sum(int(count) for counts in sockets for count in counts)


def _wrk(nginx: Nginx, size: int, folder: Path, seconds: int) -> "subprocess.Popen[str]":
    paths = ["/", "/years/", "/catalogue/", "/search/", "/search/index/start.bin", "/data/catalogue.json"]
    paths += [_url(number, size) for number in (*_PAIR, _STEADY)]
    script = folder / "paths.lua"
    script.write_text(_LUA % ", ".join(f'"{path}"' for path in paths), "utf-8")
    command = [
        *("nice", "-n", "19"),  # it takes all that there is; pushes go first, or none would end in time
        "wrk",
        "-t1",
        f"-c{_CONNECTIONS}",
        f"-d{seconds}s",
        "--timeout",
        "5s",
        "-s",
        str(script),
        nginx.address,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


class _Reader:
    """Reads the pair again and again, and remembers what it got."""

    def __init__(self, nginx: Nginx, size: int) -> None:
        self._nginx = nginx
        self._paths = [_url(number, size) for number in _PAIR]
        self._seen: list[tuple[str, bytes]] = []
        self._longest = 0.0

    def read(self, done: Event) -> None:
        while not done.is_set():
            for path in self._paths:
                began = time.monotonic()
                answer = self._nginx.get(path)
                self._longest = max(self._longest, time.monotonic() - began)
                self._seen.append((path, answer.body))
            time.sleep(0.01)

    def results(self, released: dict[str, set[bytes]]) -> tuple[int, int, int, float]:
        """How many answers there were, how many are of no release, how often one was older than one before it."""
        torn = sum(body not in released[path] for path, body in self._seen)
        versions = [max(map(int, re.findall(r"第(\d{3})版", body.decode())), default=0) for _, body in self._seen]
        backward = sum(later < earlier for earlier, later in pairwise(versions))
        return len(self._seen), torn, backward, self._longest


def _released(office: Office, size: int) -> dict[str, set[bytes]]:
    """What each release has at the addresses of the pair."""
    urls = [_url(number, size) for number in _PAIR]
    return {url: {file.read_bytes() for file in office.site.glob(f"releases/*/www{url}index.html")} for url in urls}


@contextmanager
def _archive(size: int, folder: Path) -> Iterator[tuple[Office, Step]]:
    """An office of `size` documents, and what its first push took; gone afterwards."""
    folder.mkdir(parents=True)
    write = gongkai(jobs=None).write
    files = {f"docs/{one.path}": write(one) for one in papers(size)}
    try:
        office = furnished(folder, files)
        step = _measured("first push, everything", lambda: _accepted(office.push()))
        yield office, step
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _commit(office: Office, size: int, bodies: dict[int, str], *, spoil: bool = False) -> None:
    """The clerk writes some of `size` papers anew, with these words below."""
    git(office.clerk, "fetch", "-q")
    git(office.clerk, "reset", "-q", "--hard", "origin/main")
    for number, text in bodies.items():
        one = paper(number, size)
        written = gongkai(jobs=None).write(one) + f"\n{text}\n"
        if spoil:
            written = re.sub(r"^生成日期: .*$", "生成日期: 去年夏天", written, flags=re.M)
        file = office.clerk / "docs" / one.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written, "utf-8")
    git(office.clerk, "add", "-A")
    git(office.clerk, "commit", "-q", "-m", "改动")


def _measured(name: str, work: Callable[[], object]) -> Step:
    before, began = _children_cpu(), time.monotonic()
    work()
    return Step(name, time.monotonic() - began, _children_cpu() - before)


def _children_cpu() -> float:
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _accepted(pushed: Pushed) -> None:
    if not pushed.is_accepted:
        raise RuntimeError(pushed.printed)


def _refused(pushed: Pushed) -> None:
    if pushed.is_accepted or "网站没有变化" not in pushed.printed:
        raise RuntimeError(pushed.printed)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _url(number: int, size: int) -> str:
    return "/" + paper(number, size).path.removesuffix(".md") + "/"


def _wait_for_page(nginx: Nginx, url: str) -> None:
    """Until nginx sends the page; half a minute at most."""
    for _ in range(3000):
        if nginx.get(url).status == 200:
            return
        time.sleep(0.01)
    raise RuntimeError(f"{url} is not served")


def _wait_for_result(nginx: Nginx, words: str, title: str) -> None:
    """Until a browser's search for `words` shows the document."""
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        page = browser.new_page()
        page.goto(f"{nginx.address}/search/?q={quote(words)}")
        page.locator("li[data-search-result]", has_text=title).first.wait_for(timeout=20_000)
        browser.close()


def tables(sizes: list[int], folder: Path, seconds: int, say: Callable[[str], None]) -> str:
    """What a push costs at each size, and what readers saw meanwhile, as text."""
    lines = [f"{'documents':>9}  {'step':40} {'seconds':>8} {'CPU s':>7}"]
    for size in sizes:
        for step in steps(size, folder / f"steps-{size}"):
            say(f"{size} {step.name}: {step.seconds:.2f} s")
            cpu = f"{step.cpu:7.2f}" if step.cpu else " " * 7
            lines.append(f"{size:9}  {step.name:40} {step.seconds:8.2f} {cpu}")
    if seconds:
        lines += ["", *_load_lines(sizes[0], folder, seconds)]
    return "\n".join(lines)


def _load_lines(size: int, folder: Path, seconds: int) -> Iterator[str]:
    seen = under_load(size, folder / "load", seconds)
    yield f"load at {size} documents: {_PUSHES} pushes published during {seen.seconds} s of wrk, {_CONNECTIONS} connections"
    yield f"  {seen.requests:,} requests, {seen.per_second:,.0f} a second, {seen.failed} failed"
    yield (
        f"  a reader of two pages that every push changes: {seen.checked:,} answers, {seen.torn} of no release, "
        f"{seen.backward} older than one before, longest {1000 * seen.longest:.0f} ms"
    )
