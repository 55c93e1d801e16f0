"""The package's templates stand behind the site's own, and before Material's."""

from pathlib import Path

import pytest

from gongkai import INSTALLATION, installation_of
from gongkai.engine.settings import open_config
from gongkai.engine.templates import Templates, package_templates, style_sheets, template_folders

ROOT = Path(__file__).parents[2]
FOOTER = "parts/footer/footer.html"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """The settings of a bureau whose overrides/ holds a footer of its own and nothing else."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "overrides/parts/footer").mkdir(parents=True)
    (tmp_path / "overrides" / FOOTER).write_text("{# own #}", "utf-8")
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    file = tmp_path / "mkdocs.yml"
    file.write_text(text.replace("hooks/events.py", str(ROOT / "hooks/events.py")), "utf-8")
    return file


def test_a_template_is_the_sites_own_then_the_packages_then_materials(settings: Path) -> None:
    environment = open_config(settings, None).theme.get_env()

    found = [environment.get_template(name).filename for name in (FOOTER, "document.html", "partials/icons.html")]
    assert found[:2] == [str(settings.parent / "overrides" / FOOTER), str(package_templates() / "document.html")]
    assert "material" in str(found[2])


def test_a_site_without_a_folder_of_its_own_has_the_packages(settings: Path) -> None:
    settings.write_text(settings.read_text("utf-8").replace("  custom_dir: overrides\n", ""), "utf-8")

    assert template_folders(open_config(settings, None)) == (package_templates(),)


def test_the_packages_own_settings_name_its_folder_once() -> None:
    config = open_config(ROOT / "mkdocs.yml", None)

    assert [Path(folder) for folder in config.theme.dirs].count(package_templates()) == 1


def test_a_style_sheet_of_the_sites_own_takes_the_place_of_the_packages(tmp_path: Path) -> None:
    (tmp_path / "assets/css").mkdir(parents=True)
    (tmp_path / "assets/css/tokens.css").write_text("/* ours */", "utf-8")
    (tmp_path / "assets/css/extra.css").write_text("/* more */", "utf-8")

    joined = style_sheets((tmp_path, package_templates()))[0].data.decode()
    assert joined.startswith("/* ours */")
    assert "--gk-text: #" not in joined
    assert "/* more */" in joined
    assert ".gk-footer" in joined


def test_a_part_of_the_sites_own_makes_the_packages_pages_anew(tmp_path: Path) -> None:
    folders = (tmp_path, package_templates())
    before = Templates(folders, ()).digest_of("document.html")
    (tmp_path / "parts/footer").mkdir(parents=True)
    (tmp_path / FOOTER).write_text("{# own #}", "utf-8")

    assert Templates(folders, ()).digest_of("document.html") != before


def test_a_wheel_has_its_templates_inside(tmp_path: Path) -> None:
    package = tmp_path / "gongkai"
    package.mkdir()
    beside = installation_of(package)
    (package / "mkdocs.yml").write_text("", "utf-8")

    assert (beside, installation_of(package)) == (tmp_path, package)
    assert package_templates() == (INSTALLATION / "overrides").resolve()
