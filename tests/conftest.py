"""What every test may use: the project's own settings, and documents written as text."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from mkdocs.utils.yaml import get_yaml_loader

from hooks.site import Site, read_site

ROOT = Path(__file__).parents[1]
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="session")
def site() -> Site:
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    return read_site(yaml.load(text, Loader=get_yaml_loader())["extra"]["disclosure"])
