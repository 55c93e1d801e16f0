"""Invariant 1: after whatever happened to sources, settings, templates, the clock and the memory, a build that keeps
what it can gives, byte for byte, what a build from nothing gives.

A sequence is thirty or more steps on a tiny bureau, a build and a comparison after each: twenty sequences that are the
same at every run, with `--long` two hundred at random. The reference is made by the
functions of `mkdocs build`, which remember nothing. Search segments may differ; `tests/unit/test_search_segments.py`
holds their answers together.
"""

import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.catalogue import sources
from gongkai.engine import frame, plan
from gongkai.engine.build import Build, state_before
from gongkai.engine.edition import ContentError, prepare
from gongkai.engine.plan import FRAME, BuildSettings, build_settings
from gongkai.engine.publishing import Manifest, publish_whole
from gongkai.engine.settings import open_config
from gongkai.engine.trees import locked_workspace
from gongkai.memory.pool import Pool
from gongkai.site import read_site
from tests.budgets import budget
from tests.site.conftest import contents
from tests.writing import ZONE, markdown

ROOT = Path(__file__).parents[2]
PATHS = ("plans/a.md", "plans/b.md", "plans/内/丙.md", "notices/a.md", "notices/d/e.md", "notices/f.md")
MOMENTS = tuple(datetime(2026, month, 1, 9, tzinfo=ZONE) for month in range(1, 7))
FIELDS: Mapping[str, tuple[str | None, ...]] = {
    "标题": ("关于做好科技工作的通知", "二〇二五年工作计划", "<b>名单</b> & 其他"),
    "发布时间": ("2025-01-15 09:30:00", "2024-12-31 23:59:59", "2026-02-10 08:00:00", "2026-04-01 09:00:00"),
    "公开时限": ("常年公开", "限时公开至2026-03-15"),
    "公开方式": ("主动公开", "主动公开", "主动公开", "依申请公开", "不予公开"),
    "责任部门": (None, "办公室", "高新技术科"),
    "时效": (None, None, "废止", "草稿", "{状态: 失效, 日期: 2026-03-10, 原因: 有效期已到}"),
    "内容概述": (None, "一句话的概述。"),
    "撤回": (None, None, None, "{date: 2026-01-20, reason: 数据有误}", "{date: 2026-05-01, reason: 附表有误}"),
    "更正": (None, None, "[{date: 2026-01-10, note: 更正一处}, {date: 2026-02-20, note: 更正二处}]"),
    "取代": (None, None, "SLKJ00012/2025-00001", "SLKJ00012/2025-00003、PZ-1999-1"),
    "被取代": (None, None, "SLKJ00012/2025-00002"),
    "附件": (None, None, "[表.xlsx]"),
}
BODIES = (
    "正文。",
    "## 一、总体要求\n\n加强研发投入，新增高新技术企业12家。\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |",
    "见[计划](../plans/a.md)和![图](图.png)。",
    "- 一\n- 二[^1]\n\n[^1]: 脚注",
)
#: A document that was published elsewhere before: its old address leads to it, and it must not vanish.
REGISTER = (
    '{"number":"SLKJ00012/2025-00000","event":"published","recorded":"2025-02-01T09:00:00+08:00",'
    '"path":"plans/旧.md","title":"关于做好科技工作的通知","created":"2025-01-10",'
    '"published":"2025-01-15T09:30:00+08:00","sha256":"","state":"公开"}\n'
)
COLUMNS = """    columns:
      - {key: plans, name: 工作计划, type: 发展规划, freshness: 400, description: 计划}
      - {key: notices, name: 通知公告, type: 政策文件, freshness: 183}
    departments:
      - {key: office, name: 办公室}
"""


@dataclass(frozen=True)
class Bureau:
    """A docs folder with its site, built under one of four build settings: a setting changed or not, a template or not."""

    folder: Path
    variants: tuple[BuildSettings, ...] = field(repr=False)

    @property
    def docs(self) -> Path:
        return self.folder / "docs"

    @property
    def work(self) -> Path:
        return self.folder / ".site.gongkai"

    def start_afresh(self) -> None:
        for left in (self.docs, self.work, self.folder / "site"):
            shutil.rmtree(left, ignore_errors=True)
        self.docs.mkdir()

    def write(self, path: str, data: bytes) -> None:
        (self.docs / path).parent.mkdir(parents=True, exist_ok=True)
        (self.docs / path).write_bytes(data)

    def build(self, variant: int, now: datetime) -> Manifest:
        with locked_workspace(self.folder / "site") as workspace:
            build = Build(workspace, self.variants[variant], now, Pool(None), lambda stage, done, total: None)
            return build.outcome(state_before(workspace)).manifest

    def reference(self, variant: int, now: datetime) -> dict[str, bytes]:
        whole = self.folder / "whole"
        shutil.rmtree(whole, ignore_errors=True)
        chosen = self.variants[variant]
        edition = prepare(docs_dir=self.docs, site=chosen.site, site_url=chosen.site_url, now=now)
        publish_whole(edition, chosen, whole)
        return contents(whole)


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    folder = tmp_path_factory.mktemp("bureau")
    (folder / "docs").mkdir()
    return Bureau(folder, tuple(_settings(folder, variant) for variant in range(4)))


def _settings(folder: Path, variant: int) -> BuildSettings:
    place = folder / str(variant)
    shutil.copytree(ROOT / "overrides", place / "overrides")
    text = (ROOT / "mkdocs.yml").read_text("utf-8").replace("hooks/events.py", str(ROOT / "hooks/events.py"))
    text = text[: text.index("    columns:")] + COLUMNS
    (place / "mkdocs.yml").write_text(text.replace("工作日 9:00", "工作日 8:30") if variant & 1 else text, "utf-8")
    template = place / "overrides" / "listing.html"
    heading = "<h1 data-changed>" if variant & 2 else "<h1>"
    template.write_text(template.read_text("utf-8").replace("<h1>", heading), "utf-8")
    config = open_config(place / "mkdocs.yml", folder / "docs")
    return build_settings(config, read_site(config.extra.get("disclosure")))


#: MkDocs' part depends on the build settings alone and takes longer than all the rest: made once for each.
frame_files = cache(frame.frame_files)
#: A step changes the bureau, the variant, or the moment; it gives the two latter.
Step = Callable[[Bureau, int, int], tuple[int, int]]


@dataclass(frozen=True)
class Writing:
    """A document written, or a file beside documents, or the defaults of a folder."""

    path: str
    text: str

    def __call__(self, bureau: Bureau, variant: int, moment: int) -> tuple[int, int]:
        bureau.write(self.path, self.text.encode())
        return variant, moment


@dataclass(frozen=True)
class TouchingUp:
    """A few more characters at the end of a body."""

    path: str

    def __call__(self, bureau: Bureau, variant: int, moment: int) -> tuple[int, int]:
        if (bureau.docs / self.path).exists():
            bureau.write(self.path, (bureau.docs / self.path).read_bytes() + "补充一句。\n".encode())
        return variant, moment


@dataclass(frozen=True)
class Deleting:
    path: str

    def __call__(self, bureau: Bureau, variant: int, moment: int) -> tuple[int, int]:
        (bureau.docs / self.path).unlink(missing_ok=True)
        return variant, moment


@dataclass(frozen=True)
class Moving:
    source: str
    target: str

    def __call__(self, bureau: Bureau, variant: int, moment: int) -> tuple[int, int]:
        if (bureau.docs / self.source).exists():
            (bureau.docs / self.target).parent.mkdir(parents=True, exist_ok=True)
            (bureau.docs / self.source).replace(bureau.docs / self.target)
        return variant, moment


@dataclass(frozen=True)
class ChangingTheHouse:
    """Other build settings."""

    chosen: int

    def __call__(self, bureau: Bureau, variant: int, moment: int) -> tuple[int, int]:
        return self.chosen, moment


@dataclass(frozen=True)
class LettingTimePass:
    chosen: int

    def __call__(self, bureau: Bureau, variant: int, moment: int) -> tuple[int, int]:
        return variant, self.chosen


@dataclass(frozen=True)
class Damaging:
    """Something of the site or of what builds remember is deleted, cut short, or altered."""

    harm: str
    is_site: bool
    seed: int

    def __call__(self, bureau: Bureau, variant: int, moment: int) -> tuple[int, int]:
        folder = bureau.folder / "site" if self.is_site else bureau.work
        files = sorted(p for p in folder.rglob("*") if p.is_file() and "standby" not in p.parts and p.name != "lock")
        if files:
            HARMS[self.harm](random.Random(self.seed).choice(files))
        return variant, moment


def lose(file: Path) -> None:
    file.unlink()


def cut_short(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])


def alter(file: Path) -> None:
    data = bytearray(file.read_bytes())
    file.write_bytes(bytes([*data[:-1], data[-1] ^ 1]) if data else b"x")


HARMS: Mapping[str, Callable[[Path], None]] = {"lose": lose, "cut short": cut_short, "alter": alter}


@st.composite
def documents(draw: st.DrawFn) -> Writing:
    path = draw(st.sampled_from(PATHS))
    fields = {key: draw(st.sampled_from(values)) for key, values in FIELDS.items()}
    body = draw(st.sampled_from(BODIES))
    return Writing(path, markdown(body, 信息索取号=f"SLKJ00012/2025-{PATHS.index(path):05}", **fields))


BESIDE = st.sampled_from(("plans/图.png", "notices/图.png", "plans/表.xlsx", "notices/表.xlsx"))
DEFAULTS = st.sampled_from(("", "来源: 示例市人民政府\n", "责任部门: 办公室\n"))
STEPS: st.SearchStrategy[Step] = st.one_of(
    documents(),
    documents(),
    documents(),
    st.builds(TouchingUp, st.sampled_from(PATHS)),
    st.builds(Deleting, st.sampled_from((*PATHS, "plans/.meta.yml", "plans/图.png", "notices/表.xlsx"))),
    st.builds(Moving, st.sampled_from(PATHS), st.sampled_from((*PATHS, "plans/新.md", "notices/a/b.md"))),
    st.builds(Writing, BESIDE, st.sampled_from(("x", "yy", "x" * 3000))),
    st.builds(Writing, st.just("plans/.meta.yml"), DEFAULTS),
    st.builds(Writing, st.just(".register/2026.jsonl"), st.sampled_from(("", "", REGISTER))),
    st.builds(ChangingTheHouse, st.integers(0, 3)),
    st.builds(LettingTimePass, st.integers(0, len(MOMENTS) - 1)),
    st.builds(Damaging, st.sampled_from(sorted(HARMS)), st.booleans(), st.integers(0, 1000)),
)


def run(bureau: Bureau, steps: list[Step]) -> Iterator[tuple[dict[str, bytes], dict[str, bytes]]]:
    """What the site is after each step, and what it should be; of a refused build, what it was before, twice."""
    bureau.start_afresh()
    variant, moment, before = 0, 0, dict[str, bytes]()
    for step in steps:
        variant, moment = step(bureau, variant, moment)
        try:
            manifest = bureau.build(variant, MOMENTS[moment])
        except ContentError:
            with pytest.raises(ContentError):
                bureau.reference(variant, MOMENTS[moment])
            continue
        framing = {path for path, _, _ in manifest.units[FRAME].made.files}
        after = contents(bureau.folder / "site")
        before = bureau.reference(variant, MOMENTS[moment])
        yield {name: data for name, data in after.items() if name in before or name not in framing}, before


#: What a sequence is made of: every kind of step, every harm to either side, every build setting and moment.
KINDS = {
    *("Writing", "TouchingUp", "Deleting", "Moving"),
    *(f"ChangingTheHouse {variant}" for variant in range(4)),
    *(f"LettingTimePass {moment}" for moment in range(len(MOMENTS))),
    *(f"{harm} {is_site}" for harm in HARMS for is_site in (True, False)),
}


def kind_of(step: Step) -> str:
    match step:
        case Damaging(harm=harm, is_site=is_site):
            return f"{harm} {is_site}"
        case ChangingTheHouse(chosen=chosen) | LettingTimePass(chosen=chosen):
            return f"{type(step).__name__} {chosen}"
        case _:
            return type(step).__name__


@pytest.mark.parametrize("settled_ns", [0, 2_000_000_000])
def test_an_incremental_build_is_byte_for_byte_a_whole_one(
    bureau: Bureau, settled_ns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_SETTLED_NS", settled_ns)
    monkeypatch.setattr(plan, "frame_files", frame_files)
    taken: set[str] = set()

    @settings(
        max_examples=budget(10, 100), suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example]
    )
    @given(st.lists(STEPS, min_size=30, max_size=40))
    def holds(steps: list[Step]) -> None:
        taken.update(map(kind_of, steps))
        for made, expected in run(bureau, steps):
            assert made == expected

    holds()
    assert taken == KINDS
