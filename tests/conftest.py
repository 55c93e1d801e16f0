"""What every test may use: the project's own settings, and documents written as text."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gongkai.site import Site
from tests.budgets import IS_LONG, IS_QUICK, choose_profile
from tests.writing import sample_site

ROOT = Path(__file__).parents[1]
ZONE = ZoneInfo("Asia/Shanghai")

choose_profile()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long sweeps run only with `scripts/test --long`, what needs tools not with `scripts/test --quick`."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker("tools")
    left_out = set() if IS_LONG else {"long"}
    left_out |= {"tools"} if IS_QUICK else set()
    without = [item for item in items if any(map(item.get_closest_marker, left_out))]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if item not in without]


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What commands remember of a test's documents goes with the test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def site() -> Site:
    return sample_site()
