"""A bureau's repository as `gongkai init` lays it: what is in it, and what it refuses to touch."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from mkdocs.utils.yaml import get_yaml_loader

from gongkai.commands.init import init
from gongkai.init.repository import Bureau, OccupiedError, laid_files, lay, site_of
from gongkai.init.software import Software
from gongkai.records.reading import read_document
from gongkai.site import SettingsError, read_site
from tests.conftest import ZONE

ROOT = Path(__file__).parents[2]
WATER = Bureau("示例县水利局", "MB1234562", "slj.example", "0000000000", (("office", "办公室"),), ("notices", "guide"))
SOFTWARE = Software("0.2.0", "gongkai-0.2.0-py3-none-any.whl", b"wheel")
NOW = datetime(2026, 1, 31, 9, tzinfo=ZONE)
REFUSED = "已有别的文件（旧文件.txt），没有改动。请另指一个空文件夹；已经建好的网站，升级软件见手册\n"


def files(bureau: Bureau = WATER, software: Software = SOFTWARE) -> Mapping[str, bytes]:
    return laid_files(bureau, software, NOW)


def settings(text: str) -> dict[str, object]:
    found: dict[str, object] = yaml.load(text, Loader=get_yaml_loader())
    return found


def told(*words: str | Path) -> Result:
    """`gongkai init` where nobody can answer."""
    return CliRunner().invoke(init, [str(word) for word in words])


def test_the_settings_are_the_samples_but_for_the_bureaus_facts() -> None:
    facts = {"site_name", "site_url", "site_description", "extra"}
    laid, ours = settings(files()["mkdocs.yml"].decode()), settings((ROOT / "mkdocs.yml").read_text("utf-8"))

    assert {key: repr(value) for key, value in laid.items() if key not in facts} == {
        key: repr(value) for key, value in ours.items() if key not in facts
    }
    assert set(laid) == set(ours)


def test_the_settings_are_of_this_bureau() -> None:
    site = site_of(WATER)

    assert (site.organisation.name, site.organisation.code) == ("示例县水利局", "MB1234562")
    assert [column.key for column in site.columns] == ["notices", "guide"]
    assert [(one.key, one.name) for one in site.departments] == [("office", "办公室")]
    assert b"site_url: https://slj.example/\n" in files()["mkdocs.yml"]


@pytest.mark.parametrize("name", ["示例: 局 #1", "人事,财务科", "[示例]局", "12345", 'a"b', "@code@局"])
def test_a_name_that_yaml_would_misread_is_kept(name: str) -> None:
    bureau = replace(WATER, name=name, departments=(("office", name),))
    laid = settings(files(bureau)["mkdocs.yml"].decode())
    defaults = yaml.safe_load(files(bureau)["docs/notices/.meta.yml"])

    assert site_of(bureau).organisation.name == site_of(bureau).departments[0].name == name
    assert (laid["site_name"], defaults["来源"]) == (f"{name}政府信息公开", name)


def test_every_wrong_fact_is_told_at_once() -> None:
    wrong = replace(WATER, code="MB1234561", id_code="12", departments=(("Office", "办公室"),))

    with pytest.raises(SettingsError) as refused:
        site_of(wrong)

    assert [line.split(": ")[1] for line in str(refused.value).splitlines()] == [
        "extra.disclosure.organisation.code",
        "extra.disclosure.site.id_code",
        "extra.disclosure.departments.1.key",
    ]


def test_the_guide_is_a_draft_of_the_bureaus_first_number() -> None:
    path = "guide/disclosure-guide.md"
    data = files()[f"docs/{path}"]
    defaults = yaml.safe_load(files()["docs/guide/.meta.yml"])

    document = read_document(data, path=path, zone=ZONE).document

    assert document is None  # what all documents of the column have in common stands in its defaults
    assert "时效: 草稿\n" in data.decode()
    assert "信息索取号: MB1234562/2026-00001\n" in data.decode()
    assert defaults["公开方式"] == "主动公开"


def test_a_repository_without_the_guides_column_has_no_document() -> None:
    found = files(replace(WATER, columns=("notices",)))

    assert [name for name in found if name.startswith("docs/")] == ["docs/notices/.meta.yml"]


def test_the_hook_imports_ours_and_does_nothing_else() -> None:
    lines = files()["hooks/events.py"].decode().splitlines()

    assert len(lines) == 3
    assert lines[-1].startswith("from gongkai.hooks.events import *")


def test_no_mark_of_a_fact_is_left(tmp_path: Path) -> None:
    texts = {name: data for name, data in files().items() if not name.startswith(("scripts/", ".vscode/", ".github/"))}

    assert [name for name, data in texts.items() if b"@" in data] == []


def test_a_wheel_that_is_not_at_hand_is_asked_for() -> None:
    found = files(software=Software("0.2.0"))

    assert found["requirements.txt"].decode().splitlines()[-1].startswith("# ./software/gongkai-0.2.0")
    assert [name for name in found if name.endswith(".whl")] == []


def test_laying_again_changes_nothing_whatever_was_published_since(tmp_path: Path) -> None:
    written = lay(tmp_path, files())
    (tmp_path / "docs/notices/a.md").write_text("随后加的", "utf-8")

    again = lay(tmp_path, laid_files(WATER, SOFTWARE, NOW.replace(year=2027)))

    assert (written, again) == (len(files()), 0)


def test_a_folder_left_half_laid_is_finished(tmp_path: Path) -> None:
    lay(tmp_path, files())
    for name in ("mkdocs.yml", "docs/notices/.meta.yml"):
        (tmp_path / name).unlink()

    assert lay(tmp_path, files()) == 2
    assert {name: (tmp_path / name).read_bytes() for name in files()} == files()


def test_settings_are_laid_last() -> None:
    assert list(files())[-1] == "mkdocs.yml"


def test_entries_can_be_run(tmp_path: Path) -> None:
    lay(tmp_path, files())
    modes = {path.name: path.stat().st_mode & 0o111 for path in (tmp_path / "scripts").iterdir()}

    assert modes == {"serve": 0o111, "build": 0o111, "gongkai": 0o111, "environment.sh": 0}


@pytest.mark.parametrize("name", ["旧文件.txt", "mkdocs.yml", "docs/a.md"])
def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("别动", "utf-8")

    with pytest.raises(OccupiedError, match=name):
        lay(tmp_path, files())

    assert [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()] == ["别动"]


def test_the_command_says_which_files_are_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "旧文件.txt").write_text("别动", "utf-8")

    done = told(tmp_path, "--name", "示例局", "--code", "MB1234562", "--domain", "a.example", "--no-git")

    assert (done.exit_code, done.stderr) == (2, f"{tmp_path} 里{REFUSED}")


def test_every_missing_option_is_named_where_nobody_can_answer(tmp_path: Path) -> None:
    done = told(tmp_path / "bureau")

    assert (done.exit_code, done.stderr) == (2, "缺少 --name、--code、--domain\n")


def test_a_column_that_is_not_offered_is_refused_with_those_that_are(tmp_path: Path) -> None:
    done = told(tmp_path, "--name", "局", "--code", "MB1234562", "--domain", "a.example", "--column", "tender")

    assert done.exit_code == 2
    assert done.stderr.startswith("没有“tender”这个栏目。可用：summaries（工作总结）、")


def test_a_file_that_is_no_wheel_of_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other-1.0-py3-none-any.whl").write_bytes(b"")
    given = ("--name", "局", "--code", "MB1234562", "--domain", "a.example")

    done = told(tmp_path / "bureau", *given, "--wheel", tmp_path / "other-1.0-py3-none-any.whl")

    assert (done.exit_code, done.stderr) == (
        2,
        "--wheel：应为 gongkai-版本-py3-none-any.whl，实为“other-1.0-py3-none-any.whl”\n",
    )


def test_the_settings_that_are_laid_are_read_as_they_are() -> None:
    extra = settings(files()["mkdocs.yml"].decode())["extra"]

    assert isinstance(extra, dict)
    assert read_site(extra["disclosure"]) == site_of(WATER)
