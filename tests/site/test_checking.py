"""`gongkai check` and `gongkai build` together: what stops a build, what somebody answered for, what is mended."""

import json
import zipfile
from pathlib import Path

import pytest

from gongkai.catalogue.sources import take_inventory
from gongkai.checks.baseline import touched
from tests.site.commands import Done, run
from tests.site.repositories import CLERK, commit, repository, write
from tests.writing import markdown

ROOT = Path(__file__).parents[2]
MOBILE = "联系人手机13912345678。"
WAIVER = "[{代码: privacy-mobile, 原因: 向社会公布的值班电话, 批准: 示例审查岗}]"


def gongkai(bureau: Path, *words: str) -> Done:
    docs = ("-f", str(ROOT / "mkdocs.yml"), "--docs-dir", str(bureau / "docs"), "--now", "2026-01-31T09:00")
    return run(*words, *docs, cwd=bureau, environment=CLERK)


def codes(done: Done) -> list[str]:
    """The codes of a report for machines, those on whole columns left aside."""
    return [one["code"] for one in json.loads(done.stdout) if one["path"].count("/") > 1]


def bureau_of(tmp_path: Path, body: str, **fields: str) -> Path:
    write(tmp_path, {"docs/notices/a.md": markdown(body, **fields)})
    return tmp_path


def built(bureau: Path) -> Done:
    return gongkai(bureau, "build", "--site-dir", str(bureau / "site"))


def test_personal_data_stop_a_build_and_a_waiver_lets_it_go(tmp_path: Path) -> None:
    refused = built(bureau_of(tmp_path, MOBILE))
    allowed = built(bureau_of(tmp_path, MOBILE, 豁免=WAIVER))

    assert (refused.returncode, allowed.returncode) == (1, 0)
    assert "1391****678" in refused.stderr
    assert "13912345678" not in refused.stderr
    published = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    assert [path for path in published if "示例审查岗".encode() in path.read_bytes()] == []


def test_a_mark_of_secrecy_stops_a_build(tmp_path: Path) -> None:
    refused = built(bureau_of(tmp_path, "机密★10年\n\n正文。"))

    assert refused.returncode == 1
    assert not (tmp_path / "site").exists()


def test_an_attachments_text_stops_a_build_once_and_every_time(tmp_path: Path) -> None:
    bureau = bureau_of(tmp_path, "正文。", 附件="[表.docx]")
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = f'<w:document xmlns:w="{word}"><w:p><w:r><w:t>{MOBILE}</w:t></w:r></w:p></w:document>'
    with zipfile.ZipFile(bureau / "docs/notices/表.docx", "w") as archive:
        archive.writestr("word/document.xml", text)

    found = [built(bureau), built(bureau)]
    assert [done.returncode for done in found] == [1, 1]
    assert "附件“表.docx”：像是手机号码：1391****678" in found[1].stderr


def test_what_was_waived_is_listed_and_machines_are_told_where_they_ask(tmp_path: Path) -> None:
    bureau = bureau_of(tmp_path, MOBILE, 豁免=WAIVER)

    text = gongkai(bureau, "check")
    plain, asked = (gongkai(bureau, "check", "--format", "json", *more) for more in ((), ("--waived",)))
    assert "已豁免 1 条：" in text.stdout
    assert "向社会公布的值班电话；示例审查岗批准" in text.stdout
    assert "privacy-mobile" not in codes(plain)
    (waived,) = [one for one in json.loads(asked.stdout) if "waived" in one]
    assert waived["waived"] == {"reason": "向社会公布的值班电话", "allowed_by": "示例审查岗"}


def test_a_waiver_for_what_is_gone_is_told(tmp_path: Path) -> None:
    done = gongkai(bureau_of(tmp_path, "正文。", 豁免=WAIVER), "check", "--format", "json")

    assert codes(done) == ["waiver-unused"]


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """Two documents with a slip each, committed."""
    texts = {
        f"docs/notices/{n}.md": markdown("## 一\n\n## 二\n\n甲,乙。", 信息索取号=f"SLKJ00012/2025-0000{n}")
        for n in (1, 2)
    }
    return repository(tmp_path, texts, "2026-01-20T10:00:00+08:00")


def test_a_narrow_check_tells_of_what_changed(bureau: Path) -> None:
    none = gongkai(bureau, "check", "--changed", "--format", "json")
    text = (bureau / "docs/notices/2.md").read_text("utf-8")
    write(bureau, {"docs/notices/2.md": f"{text}\n又一段。\n", "docs/notices/3.md": markdown("### 一\n\n文。")})

    changed = json.loads(gongkai(bureau, "check", "--changed", "--format", "json").stdout)
    assert json.loads(none.stdout) == []
    assert {one["path"] for one in changed} == {"docs/notices/2.md", "docs/notices/3.md"}


def test_a_narrow_check_looks_at_what_a_folders_defaults_open(tmp_path: Path) -> None:
    texts = {f"docs/{folder}/a.md": markdown() for folder in ("notices", "notices/below", "summaries")}
    repository(tmp_path, {**texts, "docs/summaries/.meta.yml": "来源: 本局\n"}, "2026-01-20T10:00:00+08:00")
    write(tmp_path, {"docs/notices/.meta.yml": "公开类别: 主动公开\n"})

    found = touched(take_inventory(tmp_path / "docs"))
    assert found == {"notices/.meta.yml", "notices/a.md", "notices/below/a.md"}


def test_a_narrow_check_may_compare_to_any_commit_and_tells_every_error(bureau: Path) -> None:
    write(bureau, {"docs/notices/2.md": markdown(生成日期="x")})
    broken = commit(bureau, "坏了", "2026-01-21T10:00:00+08:00")

    done = gongkai(bureau, "check", "--changed", "--since", broken, "--format", "json")
    assert done.returncode == 1
    assert "field-value" in codes(done)


def test_without_a_repository_nobody_knows_what_changed(tmp_path: Path) -> None:
    done = gongkai(bureau_of(tmp_path, "正文。"), "check", "--changed")

    assert (done.returncode, done.stdout) == (2, "")
    assert "不在 git 仓库里" in done.stderr


def test_a_second_check_says_the_same_from_memory(bureau: Path) -> None:
    first, second = (gongkai(bureau, "check", "--format", "json").stdout for _ in range(2))

    assert first == second


def test_a_family_may_be_asked_for_alone(bureau: Path) -> None:
    done = gongkai(bureau, "check", "--family", "structure", "--format", "json")
    wrong = gongkai(bureau, "check", "--family", "structur")

    assert {one["family"] for one in json.loads(done.stdout)} == {"structure"}
    assert wrong.returncode == 2
    assert "structure（结构）" in wrong.stderr


def test_mending_shows_first_and_writes_when_told_so(bureau: Path) -> None:
    before = (bureau / "docs/notices/1.md").read_bytes()
    shown = gongkai(bureau, "check", "--fix", "docs/notices/1.md")
    untouched = (bureau / "docs/notices/1.md").read_bytes() == before
    mended = gongkai(bureau, "check", "--fix", "--yes", "docs/notices/1.md")

    assert untouched
    assert "-甲,乙。\n+甲，乙。\n" in shown.stdout
    assert "请加 --yes" in shown.stderr
    assert (bureau / "docs/notices/1.md").read_text("utf-8").endswith("甲，乙。\n")
    assert "已改正 1 个文件。" in mended.stdout
    assert "change-unnoted" in mended.stderr
    assert (bureau / "docs/notices/2.md").read_text("utf-8").endswith("甲,乙。\n")


def test_after_mending_there_is_less_to_tell_and_nothing_to_mend(bureau: Path) -> None:
    before = codes(gongkai(bureau, "check", "--format", "json"))
    gongkai(bureau, "check", "--fix", "--yes")
    after = codes(gongkai(bureau, "check", "--format", "json"))

    assert before.count("half-width-punctuation") == 2
    assert "half-width-punctuation" not in after
    assert "没有可以自动改正的写法。" in gongkai(bureau, "check", "--fix", "--yes").stdout


def test_an_annotation_stands_at_the_line(tmp_path: Path) -> None:
    done = gongkai(bureau_of(tmp_path, MOBILE), "check", "--format", "github")

    assert done.returncode == 1
    assert "::error file=docs/notices/a.md,line=12,title=像是手机号码（privacy-mobile）::" in done.stdout
