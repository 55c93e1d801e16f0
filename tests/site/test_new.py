"""`gongkai new` as a clerk runs it, at a real terminal and without one."""

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.site.commands import GONGKAI, Done, run
from tests.site.repositories import CLERK, write
from tests.writing import markdown

ROOT = Path(__file__).parents[2]
BODY = "## 一、2025年主要成效\n\n新增平台8家。\n\n## 二、2026年打算\n\n新增9家。"


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    fields = {"标题": "示例局2025年工作总结", "年度": "2025", "责任部门": "办公室", "关键词": "2025年总结、平台"}
    write(tmp_path, {"docs/summaries/2025.md": markdown(BODY, **fields), "docs/notices/1.txt": ""})
    return tmp_path


def words(bureau: Path, *given: str) -> list[str]:
    settings = ("-f", str(ROOT / "mkdocs.yml"), "--docs-dir", str(bureau / "docs"))
    return ["new", *given, *settings, "--now", "2026-01-31T09:00"]


def unattended(bureau: Path, *given: str) -> Done:
    return run(*words(bureau, *given), cwd=bureau, environment=CLERK)


def attended(bureau: Path, answers: str, *given: str) -> str:
    """What a terminal shows while `answers` are typed."""
    ours, theirs = pty.openpty()
    os.write(ours, answers.encode())
    done = subprocess.run(
        [GONGKAI, *words(bureau, *given)],
        cwd=bureau,
        env={**os.environ, **CLERK, "EDITOR": "cp -t ."},
        stdin=theirs,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_next_years_document_is_begun_from_the_skeleton_of_this(bureau: Path) -> None:
    done = unattended(bureau, "--like", "2025-00001")

    assert done.returncode == 0, done.stderr
    assert (bureau / "docs/summaries/2026.md").read_text("utf-8") == (
        "---\n标题: 示例局2026年工作总结\n年度: 2026\n信息类别: 工作总结\n文件编号:\n公开方式: 主动公开\n"
        "生成日期: 2026-01-31\n公开时限: 常年公开\n公开范围: 面向全社会\n信息索取号: SLKJ00012/2026-00001\n"
        "责任部门: 办公室\n发布时间: 2026-01-31 09:00:00\n来源: 本局\n关键词: 2026年总结、平台\n时效: 草稿\n---\n\n"
        "## 一、2026年主要成效\n\n## 二、2027年打算\n"
    )
    again = unattended(bureau, "--like", "docs/summaries/2025.md")
    assert (again.returncode, again.stderr) == (1, "已有《示例局2026年工作总结》：docs/summaries/2026.md。没有新建\n")


def test_without_a_terminal_a_yearly_document_is_proposed(bureau: Path) -> None:
    done = unattended(bureau, "--column", "summaries")

    assert done.returncode == 2
    assert "--like SLKJ00012/2025-00001　起草《示例局2026年工作总结》" in done.stderr


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--like", "2031-00001"], "--like 2031-00001：没有这样的文件。请写信息索取号或路径"),
        (["--like", "docs/notices/1.txt"], "docs/notices/1.txt：不是可读的文件"),
        (["--like", "2025-00001", "--column", "notices"], "--like 的文件在“工作总结”栏目"),
    ],
)
def test_a_model_that_cannot_be_used_is_told(bureau: Path, given: list[str], sentence: str) -> None:
    done = unattended(bureau, *given)

    assert sentence in done.stderr
    assert done.returncode in (1, 2)


def test_at_a_terminal_what_is_missing_is_asked_in_chinese(bureau: Path) -> None:
    shown = attended(bureau, "9\n通知公告\n关于某事的通知\n办公室\n", "--edit")

    assert "  4. 通知公告\n" in shown
    assert "错误：应为 1 到 6 的数字或名称，实为“9”" in shown
    text = (bureau / "2026-00001.md").read_text("utf-8")  # which the editor copied
    assert "标题: 关于某事的通知\n信息类别: 通知公告\n" in text
    assert "责任部门: 办公室\n" in text


def test_at_a_terminal_last_years_skeleton_is_offered(bureau: Path) -> None:
    shown = attended(bureau, "1\n\n")

    assert "按《示例局2025年工作总结》的框架起草《示例局2026年工作总结》吗？" in shown
    assert "标题: 示例局2026年工作总结" in (bureau / "docs/summaries/2026.md").read_text("utf-8")
