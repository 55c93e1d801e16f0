"""`--jobs` and `--scheduler`: whoever does the work, the site is the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from gongkai.engine.build import Request, build_site
from gongkai.engine.edition import BuildFailedError
from tests.site.conftest import snapshot
from tests.writing import markdown

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough documents for several batches."""
    folder = tmp_path_factory.mktemp("bureau") / "docs"
    (folder / "notices").mkdir(parents=True)
    for n in range(300):
        text = markdown(f"第{n}份通知。\n\n[上一份]({n - 1}.md)" if n else "第一份。", 信息索取号=f"a/{n}")
        (folder / f"notices/{n}.md").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def alone(docs: Path) -> dict[str, bytes]:
    return built(docs, docs.parent / "alone", jobs=1)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A scheduler with two worker processes."""
    with LocalCluster(  # type: ignore[no-untyped-call]  # dask types little
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster.scheduler_address


def built(docs: Path, site: Path, *, jobs: int | None = None, scheduler: str | None = None) -> dict[str, bytes]:
    request = Request(
        ROOT / "mkdocs.yml", docs_dir=docs, site_dir=site, now="2026-01-31T09:00", jobs=jobs, scheduler=scheduler
    )
    return snapshot(build_site(request).site_dir)


@pytest.mark.parametrize("jobs", [2, 3])
def test_any_number_of_processes_gives_the_same_bytes(
    docs: Path, alone: dict[str, bytes], tmp_path: Path, jobs: int
) -> None:
    assert built(docs, tmp_path / "site", jobs=jobs) == alone


def test_a_cluster_gives_the_same_bytes(docs: Path, alone: dict[str, bytes], tmp_path: Path, scheduler: str) -> None:
    assert built(docs, tmp_path / "site", scheduler=scheduler) == alone


def test_a_cluster_that_is_not_there_is_told(docs: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildFailedError, match=r"连不上 tcp://127\.0\.0\.1:9"):
        built(docs, tmp_path / "site", scheduler="tcp://127.0.0.1:9")
