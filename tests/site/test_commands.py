"""The commands as a clerk runs them: what they print, where, and how they end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.commands import GONGKAI, Done, run
from tests.writing import markdown

ROOT = Path(__file__).parents[2]
FLATTENED = """示例市科技局2023年工作总结

发布时间:2024-01-18 09:30:00 来源:本网字体: [ ]

  • 信息类别:
  • 文件编号:
  • 公开方式: 主动公开
  • 生成日期: 2024-01-12
  • 公开时限: 常年公开
  • 公开范围: 面向全社会
  • 信息索取号: SLKJ00012/2024-00007
  • 责任部门:

  2023年，全局*扎实*工作[1]。

  一、主要成效

  获得以下荣誉：

  全市科技工作先进单位

  全市政务公开先进单位

  全市档案工作先进单位

  1.加快平台建设。新增平台3家，开展集中调度4，成效明显。
"""


def gongkai(*words: str | Path, cwd: Path | None = None) -> Done:
    return run(*words, cwd=cwd or Path.cwd(), environment={"LC_ALL": "C"})


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    (folder / "summaries").mkdir(parents=True)
    return folder


@pytest.mark.parametrize("command", [[], ["build"], ["check"], ["import"], ["serve"], ["schema"]])
def test_help_answers_at_once_and_loads_no_library(command: list[str]) -> None:
    code = (
        f"import sys; sys.argv = {['gongkai', *command, '--help']!r}\n"
        "from gongkai.commands.entry import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'pydantic', 'mkdocs', 'jinja2', 'markdown', 'yaml', 'selectolax'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)

    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith("用法： gongkai")
    assert "显示这段说明。" in found.stdout
    assert [
        word for word in ("Usage", "Options", "OPTIONS", "Commands", "COMMAND", "Show") if word in found.stdout
    ] == []


def test_check_prints_findings_on_stderr_and_ends_with_one(docs: Path) -> None:
    (docs / "summaries/a.md").write_text(markdown(生成日期="去年夏天"), "utf-8")

    found = gongkai("check", "docs/summaries/a.md", "--docs-dir", docs, cwd=docs.parent)

    assert found.returncode == 1
    assert found.stderr == (
        "docs/summaries/a.md:4: 生成日期: 应为日期（如 2018-07-26），实为“去年夏天”。 [错误 field-value]\n"
    )
    assert found.stdout == "检查完毕：0 条提醒，1 处错误（可读文件 0 件）。\n"


def test_check_as_json_is_a_list_for_machines(docs: Path) -> None:
    (docs / "summaries/a.md").write_text(markdown(责任部门="办公事"), "utf-8")

    file = "docs/summaries/a.md"
    found = gongkai("check", file, "--docs-dir", docs, "--format", "json", cwd=docs.parent)

    assert found.returncode == 0
    assert json.loads(found.stdout) == [
        {
            "path": "docs/summaries/a.md",
            "line": 10,
            "field": "department",
            "code": "department-unknown",
            "severity": "warning",
            "message": "“办公事”不在本站部门表里，是不是“办公室”？",
            "family": "metadata",
            "name": "责任部门不在部门表里",
            "why": "",
        }
    ]


def test_check_of_one_file_tells_only_of_it(docs: Path) -> None:
    (docs / "summaries/a.md").write_text(markdown(生成日期="x"), "utf-8")
    (docs / "summaries/b.md").write_text(markdown(信息索取号="SLKJ00012/2025-00002"), "utf-8")

    found = gongkai("check", docs / "summaries/b.md", "--docs-dir", docs)

    assert (found.returncode, found.stderr) == (0, "")


def test_build_with_an_error_says_so_without_a_traceback(docs: Path, tmp_path: Path) -> None:
    (docs / "summaries/a.md").write_text(markdown(生成日期="x"), "utf-8")

    found = gongkai("build", "--docs-dir", docs, "--site-dir", tmp_path / "site")

    assert (found.returncode, found.stdout) == (1, "")
    assert "Traceback" not in found.stderr
    assert found.stderr.endswith("共 1 处错误，没有生成网站，原有网站未变。\n")
    assert not (tmp_path / "site").exists()


def test_build_tells_what_it_made_and_where(docs: Path, tmp_path: Path) -> None:
    (docs / "summaries/a.md").write_text(markdown(), "utf-8")

    found = gongkai("build", "--docs-dir", docs, "--site-dir", tmp_path / "site")

    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.endswith(f"已生成网站：{tmp_path / 'site'}\n公开文件 1 件。\n")


@pytest.mark.parametrize("now", ["昨天", "2026-13-01"])
def test_a_now_that_is_no_moment_is_wrong_use(docs: Path, now: str) -> None:
    found = gongkai("build", "--docs-dir", docs, "--site-dir", docs.parent / "site", "--now", now)

    assert found.returncode == 2
    assert "Traceback" not in found.stderr


def test_broken_settings_are_a_set_up_fault_named_by_key(docs: Path, tmp_path: Path) -> None:
    text = (
        (ROOT / "mkdocs.yml")
        .read_text("utf-8")
        .replace("id_code:", "idcode:")
        .replace("overrides", str(ROOT / "overrides"))
    )
    (tmp_path / "mkdocs.yml").write_text(text.replace("hooks/events.py", str(ROOT / "hooks/events.py")), "utf-8")

    for command in ("check", "build"):
        found = gongkai(command, "-f", tmp_path / "mkdocs.yml")
        assert found.returncode == 2
        assert "extra.disclosure.site.idcode: 没有“idcode”这一项。是不是“id_code”？" in found.stderr


def test_an_import_keeps_the_text_and_lists_what_looks_damaged(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(FLATTENED.encode("gb18030"))

    found = gongkai("import", "page.txt", "--column", "summaries", "--docs-dir", docs, cwd=tmp_path)

    assert found.returncode == 0, found.stderr
    text = (docs / "summaries/2024-00007.md").read_text("utf-8")
    assert text.startswith("---\n标题: 示例市科技局2023年工作总结\n信息类别:\n文件编号:\n公开方式: 主动公开\n")
    assert "全局\\*扎实\\*工作\\[1\\]。" in text
    assert "\n## 一、主要成效\n" in text
    assert "\n- 全市科技工作先进单位\n- 全市政务公开先进单位\n- 全市档案工作先进单位\n" in text
    assert "\n### 1.加快平台建设。\n\n新增平台3家，开展集中调度4，成效明显。\n" in text
    assert "page.txt:26: 数字后面像是缺了量词" in found.stderr
    assert gongkai("check", "--docs-dir", docs).returncode == 0


def test_importing_twice_changes_nothing(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(FLATTENED, "utf-8")
    words = ("import", tmp_path / "page.txt", "--column", "summaries", "--docs-dir", docs)
    gongkai(*words)
    before = (docs / "summaries/2024-00007.md").stat()

    again = gongkai(*words)

    assert again.returncode == 0
    assert "已有同样的文件，未改动" in again.stdout
    assert (docs / "summaries/2024-00007.md").stat().st_mtime_ns == before.st_mtime_ns


def test_of_two_files_with_one_number_only_the_first_is_imported(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FLATTENED, "utf-8")
    (tmp_path / "b.txt").write_text(FLATTENED.replace("扎实", "努力"), "utf-8")
    other = FLATTENED.replace("SLKJ00012/2024-00007", "000014349/2024-00007")
    (tmp_path / "c.txt").write_text(other, "utf-8")
    files = [tmp_path / name for name in ("a.txt", "b.txt", "c.txt")]

    found = gongkai("import", *files, "--column", "summaries", "--docs-dir", docs)

    assert found.returncode == 1
    assert sorted(path.name for path in (docs / "summaries").iterdir()) == ["000014349-2024-00007.md", "2024-00007.md"]
    assert "扎实" in (docs / "summaries/2024-00007.md").read_text("utf-8")


def test_an_import_never_overwrites_what_a_clerk_changed(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(FLATTENED, "utf-8")
    target = docs / "summaries/2024-00007.md"
    changed = markdown("改过的", 信息索取号="SLKJ00012/2024-00007")
    target.write_text(changed, "utf-8")

    found = gongkai("import", tmp_path / "page.txt", "--column", "summaries", "--docs-dir", docs)

    assert found.returncode == 1
    assert "已有这个文件，内容不同" in found.stderr
    assert target.read_text("utf-8") == changed


def test_another_bureaus_document_of_the_same_serial_is_kept_beside(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(FLATTENED, "utf-8")
    theirs = markdown("另一个单位的", 信息索取号="000014349/2024-00007")
    (docs / "summaries/2024-00007.md").write_text(theirs, "utf-8")
    words = ("import", tmp_path / "page.txt", "--column", "summaries", "--docs-dir", docs, "--overwrite")

    found = [gongkai(*words), gongkai(*words)]

    assert [run.returncode for run in found] == [0, 0]
    assert (docs / "summaries/2024-00007.md").read_text("utf-8") == theirs
    assert "全局" in (docs / "summaries/slkj00012-2024-00007.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("公开方式: 主动公开", "公开方式: 主动"), "页面上的公开方式：应为主动公开、依申请公开或不予公开"),
        (("发布时间:", "发稿时间:"), "应为“发布时间：……”"),
        (("生成日期: 2024-01-12", "生成日期: "), "缺少必填字段“生成日期”"),
        (("扎实", "扎\x02实"), "变成了"),
    ],
    ids=["wrong value", "no time", "missing field", "lost character"],
)
def test_a_page_that_cannot_be_kept_whole_leaves_nothing_behind(
    docs: Path, tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    (tmp_path / "page.txt").write_text(FLATTENED.replace(*change), "utf-8")

    found = gongkai("import", tmp_path / "page.txt", "--column", "summaries", "--docs-dir", docs)

    assert found.returncode == 1
    assert message in found.stderr
    assert "Traceback" not in found.stderr
    assert list((docs / "summaries").iterdir()) == []


def test_a_number_that_another_document_has_is_not_imported(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(FLATTENED, "utf-8")
    (docs / "summaries/old.md").write_text(markdown(信息索取号="SLKJ00012/2024-00007"), "utf-8")

    found = gongkai("import", tmp_path / "page.txt", "--column", "summaries", "--docs-dir", docs)

    assert found.returncode == 1
    assert "已经用在" in found.stderr


def test_a_refused_import_makes_no_folder(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("什么也不是", "utf-8")

    found = gongkai("import", tmp_path / "page.txt", "--column", "summaries", "--docs-dir", tmp_path / "new")

    assert found.returncode == 1
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("build", "--site-dir", "/dev/null/y"),
        ("serve", "-a", "nonsense"),
        ("serve", "-a", "127.0.0.1:99999"),
        ("check", "pyproject.toml"),
        ("check", "-f", "/dev/null"),
        ("import", "README.md", "--column", "nope"),
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_two_and_a_sentence(words: tuple[str, ...]) -> None:
    found = gongkai(*words, cwd=ROOT)

    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.strip()
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["biuld"], "错误：没有 'biuld' 这个命令。"),
        (["build", "--docs"], "错误：没有 --docs 这个选项。"),
        (["build", "--jobs", "0"], "错误：'--jobs' 的值不对：0 超出范围（x>=1）。"),
        (["check", "--format", "xml"], "错误：'--format' 的值不对：'xml' 应为 'text', 'json', 'github' 之一。"),
        (["check", "nowhere.md"], "不存在。"),
        (["import"], "错误：缺少参数"),
    ],
    ids=str,
)
def test_wrong_words_are_answered_in_chinese(words: list[str], sentence: str) -> None:
    found = gongkai(*words)

    assert found.returncode == 2
    assert sentence in found.stderr


def test_a_path_is_checked_however_it_is_written(docs: Path, tmp_path: Path) -> None:
    (docs / "summaries/a.md").write_text(markdown(生成日期="x"), "utf-8")
    (docs / "other").mkdir()
    (tmp_path / "link").symlink_to(docs)

    found = [
        gongkai("check", "--docs-dir", "..", "../summaries/a.md", cwd=docs / "other"),
        gongkai("check", "--docs-dir", tmp_path / "link", tmp_path / "link/summaries/a.md"),
    ]
    assert [run.returncode for run in found] == [1, 1]


def test_a_wrong_column_is_wrong_use(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(FLATTENED, "utf-8")

    found = gongkai("import", tmp_path / "page.txt", "--column", "sumaries", "--docs-dir", docs)

    assert found.returncode == 2
    assert "summaries（工作总结）" in found.stderr


def test_mkdocs_itself_builds_the_same_pages(tmp_path: Path) -> None:
    mkdocs = GONGKAI.with_name("mkdocs")
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "GONGKAI_NOW": "2026-11-01T09:00"}
    ours = gongkai("build", "--site-dir", tmp_path / "a", "--now", "2026-11-01T09:00")
    theirs = subprocess.run(
        [mkdocs, "build", "-q", "-d", tmp_path / "b"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ours.returncode, theirs.returncode, theirs.stderr) == (0, 0, "")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
