"""What was public stays: the words that a clerk reads when a push would lose it, and the proper ways."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from gongkai.checks.run import Asked, check_folder
from gongkai.site import Site
from tests.site.commands import Done, run
from tests.site.repositories import CLERK, commit, git, refused, repository, write
from tests.writing import markdown

ROOT = Path(__file__).parents[2]
NOW = "2026-01-31T09:00"
NUMBER = "SLKJ00012/2025-00001"


def notice(number: int, body: str = "", **fields: str | None) -> str:
    given: dict[str, str | None] = {"标题": f"通知{number}", "信息索取号": f"SLKJ00012/2025-0000{number}", **fields}
    return markdown(body or f"第{number}份通知。", **given)


COLUMNS = {f"docs/{key}" for key in ("summaries", "plans", "honours", "notices", "reports", "guide")}
DOCUMENTS = {f"docs/notices/{number}.md": notice(number) for number in (1, 2, 3)}


def gongkai(bureau: Path, *words: str, now: str = NOW) -> Done:
    docs = ("-f", str(ROOT / "mkdocs.yml"), "--docs-dir", str(bureau / "docs"))
    return run(*words, *docs, "--now", now, cwd=bureau, environment=CLERK)


def findings(bureau: Path, *words: str) -> list[tuple[str, str]]:
    """Code and message of each finding of a check, but for those on columns, most of which are empty here."""
    done = gongkai(bureau, "check", "--format", "json", *words)
    return [(found["code"], found["message"]) for found in json.loads(done.stdout) if found["path"] not in COLUMNS]


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """Three public documents in a repository, without a register."""
    return repository(tmp_path / "bureau", DOCUMENTS, "2026-01-20T10:00:00+08:00")


@pytest.fixture
def registered(bureau: Path) -> Path:
    """The same with a register, committed."""
    assert gongkai(bureau, "register").returncode == 0
    commit(bureau, "登记", "2026-01-31T09:00:00+08:00")
    return bureau


def harmed(bureau: Path, files: Mapping[str, str | None]) -> Path:
    """The bureau with files written, None for those deleted, and all of it committed: what a push would bring."""
    write(bureau, {name: text for name, text in files.items() if text is not None})
    for name in (name for name, text in files.items() if text is None):
        (bureau / name).unlink()
    commit(bureau, "改动", "2026-01-31T09:30:00+08:00")
    return bureau


@pytest.mark.parametrize("has_register", [True, False], ids=["by the register", "by the commit before"])
@pytest.mark.parametrize(
    ("harm", "code", "words"),
    [
        (
            {"docs/notices/1.md": None},
            "published-missing",
            f"已公开的《通知1》（{NUMBER}，2025-01-15发布）不见了。公开过的文件不能删除，请从 git 恢复这个文件；"
            f"确要撤下，恢复后运行 gongkai withdraw {NUMBER} --reason 原因",
        ),
        (
            {"docs/notices/1.md": notice(1, 信息索取号="SLKJ00012/2025-00009")},
            "index-changed",
            f"《通知1》公开时的信息索取号是“{NUMBER}”，实为“SLKJ00012/2025-00009”。号一经公开永不更改，请改回“{NUMBER}”",
        ),
        (
            {"docs/notices/1.md": notice(1, 发布时间="2025-01-11 09:30")},
            "published-changed",
            "发布时间公开后不能改：应为“2025-01-15 09:30:00”，实为“2025-01-11 09:30:00”（提前了）。请改回",
        ),
        (
            {
                "docs/notices/1.md": None,
                "docs/notices/9.md": notice(9, 信息索取号=NUMBER, 生成日期="2026-01-31", 发布时间="2026-01-31 08:00"),
            },
            "index-reused",
            f"“{NUMBER}”已经给了《通知1》（notices/1.md，2025-01-15发布），一个号只能给一个文件。"
            "请换成“SLKJ00012/2026-00001”，并从 git 恢复原来的文件",
        ),
        (
            {"docs/notices/1.md": notice(1, 公开方式="不予公开")},
            "published-hidden",
            "《通知1》2025-01-15已经公开，现在却成了“不予公开”，会从网站上消失。请改回；"
            f"确要撤下，请运行 gongkai withdraw {NUMBER} --reason 原因",
        ),
    ],
    ids=["deletion", "renumbering", "back-dating", "reuse", "hiding"],
)
def test_a_push_that_would_lose_what_was_public_is_refused_in_plain_words(
    bureau: Path, harm: Mapping[str, str | None], code: str, words: str, has_register: bool
) -> None:
    setting_up = gongkai(bureau, "register").returncode if has_register else 0
    commit(bureau, "登记", "2026-01-31T09:00:00+08:00") if has_register else ""
    before = git(bureau, "rev-parse", "HEAD").strip()

    found = findings(harmed(bureau, harm), "--since", before)
    assert (setting_up, [one for one in found if one[0] == code]) == (0, [(code, words)])
    assert gongkai(bureau, "check", "--since", before).returncode == 1


def test_a_back_dated_new_document_is_refused(bureau: Path) -> None:
    write(
        bureau,
        {
            "docs/notices/4.md": notice(
                4, 信息索取号="SLKJ00012/2026-00001", 生成日期="2026-01-08", 发布时间="2026-01-10 09:00"
            )
        },
    )

    assert findings(bureau) == [
        (
            "published-back-dated",
            "新文件的发布时间是 2026-01-10，早于上一次提交（2026-01-20），那时它还没有公开。发布时间不能倒填，"
            "请改成实际公开的时间；是从旧网站移来的，请先运行 gongkai register --imported",
        )
    ]


def test_a_new_document_of_today_is_good(bureau: Path) -> None:
    write(
        bureau,
        {
            "docs/notices/4.md": notice(
                4, 信息索取号="SLKJ00012/2026-00001", 生成日期="2026-01-20", 发布时间="2026-01-31 08:00"
            )
        },
    )

    assert findings(bureau) == []


def test_a_new_document_cannot_be_public_before_it_is_made(bureau: Path) -> None:
    text = notice(4, 信息索取号="SLKJ00012/2026-00001", 生成日期="2026-02-20", 发布时间="2026-01-31 08:00")
    write(bureau, {"docs/notices/4.md": text})

    assert "published-before-created" in dict(findings(bureau))


def test_old_documents_enter_the_register_as_imported(registered: Path) -> None:
    write(registered, {"docs/notices/4.md": notice(4, 生成日期="2019-05-08", 发布时间="2019-05-07 09:00")})
    refusal = gongkai(registered, "register")

    done = gongkai(registered, "register", "--imported")
    assert (refusal.returncode, done.returncode) == (1, 0)
    assert "登记簿没有改动。" in refusal.stderr
    assert done.stdout == "登记簿续写 1 行（从旧网站移来 1）：docs/.register/2026.jsonl。请和文件一起提交。\n"
    assert [code for code, _ in findings(registered)] == ["index-year", "published-early"]


def test_a_hidden_document_may_go_as_it_came(bureau: Path) -> None:
    write(
        bureau,
        {"docs/notices/4.md": notice(4, 时效="草稿"), "docs/notices/5.md": notice(5, 发布时间="2026-03-01 09:00")},
    )
    commit(bureau, "未公开的", "2026-01-30T10:00:00+08:00")

    assert findings(harmed(bureau, {"docs/notices/4.md": None, "docs/notices/5.md": None}), "--since", "HEAD~1") == []


def test_defaults_that_would_hide_a_folder_are_refused(bureau: Path) -> None:
    text = "".join(line for line in notice(1).splitlines(keepends=True) if "公开范围" not in line)
    write(bureau, {"docs/notices/1.md": text, "docs/notices/.meta.yml": "公开范围: 面向全社会\n"})
    commit(bureau, "默认值", "2026-01-30T10:00:00+08:00")
    write(bureau, {"docs/notices/.meta.yml": "公开范围: 面向本机关\n"})

    assert "published-hidden" in dict(findings(bureau))


def test_a_file_that_cannot_be_read_is_not_called_lost(registered: Path) -> None:
    write(registered, {"docs/notices/1.md": notice(1).replace("公开方式: 主动公开", "公开方式: 主动")})

    assert [code for code, _ in findings(registered)] == ["field-value"]


def test_moving_a_document_keeps_its_number(registered: Path) -> None:
    (registered / "docs/guide").mkdir()
    (registered / "docs/notices/1.md").rename(registered / "docs/guide/moved.md")

    assert [code for code, _ in findings(registered)] == ["register-behind"]
    assert "移动 1" in gongkai(registered, "register").stdout
    assert findings(registered) == []


def test_a_silent_change_is_told_and_a_noted_one_is_not(registered: Path) -> None:
    write(registered, {"docs/notices/1.md": notice(1, "改过的。")})
    silent = [code for code, _ in findings(registered)]
    write(registered, {"docs/notices/1.md": notice(1, "改过的。", 更正="[{date: 2026-01-30, note: 改正一处}]")})

    assert (silent, [code for code, _ in findings(registered)]) == (
        ["register-behind", "change-unnoted"],
        ["register-behind"],
    )


def test_the_register_is_only_added_to(registered: Path) -> None:
    file = registered / "docs/.register/2026.jsonl"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[1:]), "utf-8")

    found = dict(findings(registered))
    assert found["register-rewritten"] == "登记簿只能续写，原有的 1 行被改动或删去了。请从 git 恢复这个文件"


def test_registering_twice_changes_nothing(registered: Path) -> None:
    before = (registered / "docs/.register/2026.jsonl").read_bytes()

    assert gongkai(registered, "register").stdout == "登记簿没有要续写的。\n"
    assert (registered / "docs/.register/2026.jsonl").read_bytes() == before


def test_an_unknown_commit_is_wrong_use(bureau: Path) -> None:
    done = gongkai(bureau, "check", "--since", "--output=stolen")

    assert (done.returncode, done.stderr) == (2, "--since --output=stolen: 没有“--output=stolen”这个提交\n")
    assert not (bureau / "stolen").exists()


# Withdrawing


def test_withdrawing_adds_one_line_and_is_accepted(registered: Path) -> None:
    before = (registered / "docs/notices/1.md").read_text("utf-8")

    done = gongkai(registered, "withdraw", "2025-00001", "--reason", "附表“表一”有误: 见通知")
    after = (registered / "docs/notices/1.md").read_text("utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert "已撤回：docs/notices/1.md（SLKJ00012/2025-00001《通知1》）" in done.stdout
    line = '撤回: {日期: 2026-01-31, 原因: "附表“表一”有误: 见通知"}\n'
    assert after == before.replace("---\n\n", f"{line}---\n\n")
    assert "登记簿续写 1 行（撤回 1）。请提交、推送。" in done.stdout
    assert findings(registered) == []


def test_withdrawing_twice_changes_nothing(registered: Path) -> None:
    gongkai(registered, "withdraw", "2025-00001", "--reason", "附表有误")
    before = (registered / "docs/notices/1.md").read_bytes()

    done = gongkai(registered, "withdraw", "2025-00001", "--reason", "别的原因")
    assert (done.returncode, "已经撤回（2026-01-31，附表有误），没有改动" in done.stdout) == (0, True)
    assert (registered / "docs/notices/1.md").read_bytes() == before


def test_a_withdrawn_document_does_not_come_back(registered: Path) -> None:
    original = (registered / "docs/notices/1.md").read_text("utf-8")
    gongkai(registered, "withdraw", "2025-00001", "--reason", "附表有误")
    write(registered, {"docs/notices/1.md": original})

    assert "withdrawal-undone" in dict(findings(registered))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("2025-0000", "没有信息索取号是“2025-0000”的文件。"),
        ("SLKJ00012/2025-00011", "是不是“SLKJ00012/2025-00001”？"),
        ("SLKJ00012/2026-00004", "这份文件没有公开（草稿，尚未发布），不用撤回"),
    ],
)
def test_what_cannot_be_withdrawn_is_told(bureau: Path, asked: str, words: str) -> None:
    write(bureau, {"docs/notices/4.md": notice(4, 信息索取号="SLKJ00012/2026-00004", 时效="草稿")})

    done = gongkai(bureau, "withdraw", asked, "--reason", "某")
    assert (done.returncode, words in done.stderr) == (1, True), done.stderr


# Numbers


def test_a_number_is_never_issued_again(registered: Path) -> None:
    text = notice(4, 信息索取号="SLKJ00012/2026-00004", 时效="草稿")
    write(registered, {"docs/notices/4.md": text})
    commit(registered, "草稿", "2026-01-31T10:00:00+08:00")
    git(registered, "rm", "-q", "docs/notices/4.md")
    commit(registered, "不要了", "2026-01-31T11:00:00+08:00")
    git(registered, "checkout", "-q", "-b", "other")
    write(registered, {"docs/notices/6.md": notice(6, 信息索取号="SLKJ00012/2026-00006", 时效="草稿")})
    commit(registered, "另一个分支", "2026-01-31T12:00:00+08:00")
    git(registered, "checkout", "-q", "main")

    assert gongkai(registered, "number", "next").stdout == "SLKJ00012/2026-00007\n"
    assert gongkai(registered, "number", "next", "--year", "2025").stdout == "SLKJ00012/2025-00004\n"


def test_a_number_in_a_file_with_errors_counts(bureau: Path) -> None:
    write(bureau, {"docs/notices/4.md": "---\n信息索取号: SLKJ00012/2026-00008\n标题\n"})

    assert gongkai(bureau, "number", "next").stdout == "SLKJ00012/2026-00009\n"


def test_numbers_are_listed_with_what_became_of_them(registered: Path) -> None:
    gongkai(registered, "withdraw", "2025-00002", "--reason", "附表有误")
    (registered / "docs/notices/3.md").unlink()

    assert gongkai(registered, "number", "list").stdout.splitlines() == [
        "SLKJ00012/2025-00001\t公开\t通知1\tnotices/1.md",
        "SLKJ00012/2025-00002\t已撤回\t通知2\tnotices/2.md",
        "SLKJ00012/2025-00003\t公开过，现在没有文件用它\t通知3\tnotices/3.md",
    ]


def test_a_number_is_explained(bureau: Path) -> None:
    assert gongkai(bureau, "number", "explain", "２０２５－００００２").stdout.splitlines() == [
        "信息索取号：SLKJ00012/2025-00002",
        "组织机构代码：SLKJ00012（本单位（示例市科学技术局））",
        "年份：2025　序号：00002",
        "状态：公开",
        "文件：《通知2》　notices/2.md　发布时间 2025-01-15 09:30:00",
    ]
    assert gongkai(bureau, "number", "explain", "000014349/2019-136425").stdout.splitlines()[1:] == [
        "组织机构代码：000014349（别的单位）",
        "年份：2019　序号：136425",
        "没有用过。",
    ]


def test_a_new_document_has_its_number_and_fields_and_passes_the_check(bureau: Path) -> None:
    done = gongkai(
        bureau, "new", "--column", "通知公告", "--title", "关于“示例”: 新事项的通知", "--department", "办公室"
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "已新建：docs/notices/2026-00001.md（SLKJ00012/2026-00001）" in done.stdout
    text = (bureau / "docs/notices/2026-00001.md").read_text("utf-8")
    assert text.startswith('---\n标题: "关于“示例”: 新事项的通知"\n信息类别: 通知公告\n')
    assert [code for code, _ in findings(bureau)] == ["body-empty"]


def test_a_new_document_leaves_to_the_folder_what_the_folder_says(bureau: Path) -> None:
    write(bureau, {"docs/notices/.meta.yml": "责任部门: 办公室\n来源: 示例市人民政府\n"})
    gongkai(bureau, "new", "--column", "notices", "--title", "某通知", "--draft")

    text = (bureau / "docs/notices/2026-00001.md").read_text("utf-8")
    assert ("责任部门" in text, "来源" in text, "时效: 草稿\n" in text) == (False, False, True)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--title", "某"], 2, "缺少 --column。可用：summaries（工作总结）"),
        (["--column", "notice", "--title", "某"], 2, "没有“notice”这个栏目。"),
        (["--column", "notices", "--title", "！"], 1, "标题: 应为文件名称，实为“！”"),
        (["--column", "notices", "--title", "某", "--name", "1"], 1, "docs/notices/1.md: 已有这个文件，没有改动"),
    ],
)
def test_what_cannot_be_begun_is_told(bureau: Path, options: list[str], code: int, words: str) -> None:
    before = sorted((bureau / "docs/notices").iterdir())

    done = gongkai(bureau, "new", *options)
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr
    assert sorted((bureau / "docs/notices").iterdir()) == before


PAGE = """示例市科技局通知

发布时间:2024-01-18 09:30:00 来源:本网字体: [ ]

  • 信息类别: 通知公告
  • 公开方式: 主动公开
  • 生成日期: 2024-01-12
  • 公开时限: 常年公开
  • 公开范围: 面向全社会
  • 信息索取号:

  各有关单位：现将有关事项通知如下。
"""


def test_an_imported_page_without_a_number_gets_one_and_keeps_it(bureau: Path, tmp_path: Path) -> None:
    write(tmp_path, {"甲.txt": PAGE, "乙.txt": PAGE.replace("通知\n", "第二份通知\n", 1)})
    words = [
        "import",
        str(tmp_path / "甲.txt"),
        str(tmp_path / "乙.txt"),
        "-f",
        str(ROOT / "mkdocs.yml"),
        "--docs-dir",
        str(bureau / "docs"),
    ]

    first = run(*words, cwd=tmp_path)
    again = run(*words, cwd=tmp_path)
    year = first.stdout.partition("已编为 SLKJ00012/")[2][:4]
    assert [f"已编为 SLKJ00012/{year}-0000{n}" in first.stdout for n in (1, 2)] == [True, True]
    assert again.stdout.count("已有同样的文件，未改动") == 2


def test_an_imported_page_enters_the_register_as_what_it_is(registered: Path, tmp_path: Path) -> None:
    write(tmp_path, {"甲.txt": PAGE})
    words = ["import", str(tmp_path / "甲.txt"), "-f", str(ROOT / "mkdocs.yml"), "--docs-dir", str(registered / "docs")]

    done = run(*words, cwd=tmp_path)
    assert "登记簿续写 1 行（从旧网站移来 1）。" in done.stdout
    assert "error" not in gongkai(registered, "check", "--format", "json", now="2030-01-01T09:00").stdout


# Two clerks at once


def test_of_two_clerks_with_one_number_the_second_is_told_which_to_take(tmp_path: Path) -> None:
    origin = tmp_path / "origin.git"
    seed = repository(tmp_path / "seed", DOCUMENTS, "2026-01-20T10:00:00+08:00")
    gongkai(seed, "register")
    commit(seed, "登记", "2026-01-30T09:00:00+08:00")
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(origin))
    git(seed, "push", "-q", str(origin), "main")
    first, second = (clone_with_notice(tmp_path, name) for name in ("甲", "乙"))
    git(first, "push", "-q", "origin", "main")

    told_by_git = refused(second, "push", "origin", "main")
    git(second, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    told = findings(second)
    assert "[rejected]" in told_by_git
    assert told == [
        (
            "index-duplicate",
            "“SLKJ00012/2026-00001”已经用在 docs/notices/甲.md:9。一个号只能给一个文件，请改成“SLKJ00012/2026-00002”",
        )
    ]

    file = second / "docs/notices/乙.md"
    file.write_text(file.read_text("utf-8").replace("2026-00001", "2026-00002"), "utf-8")
    assert gongkai(second, "register").returncode == 0
    commit(second, "换号", "2026-01-31T09:30:00+08:00")
    git(second, "push", "-q", "origin", "main")
    git(tmp_path, "clone", "-q", str(origin), "server")
    built = gongkai(tmp_path / "server", "build", "--site-dir", str(tmp_path / "site"))
    assert built.returncode == 0, built.stderr
    assert findings(tmp_path / "server") == []
    shown = [tmp_path / f"site/id/SLKJ00012/2026-0000{n}/index.html" for n in (1, 2)]
    assert [name in page.read_text("utf-8") for page, name in zip(shown, "甲乙", strict=True)] == [True, True]


def clone_with_notice(folder: Path, name: str) -> Path:
    """A clerk's clone with a new notice, registered and committed, not pushed yet."""
    git(folder, "clone", "-q", str(folder / "origin.git"), name)
    clone = folder / name
    gongkai(clone, "new", "--column", "notices", "--title", f"{name}通知", "--name", name)
    file = clone / f"docs/notices/{name}.md"
    file.write_text(file.read_text("utf-8") + f"{name}的正文。\n", "utf-8")
    assert gongkai(clone, "register").returncode == 0
    commit(clone, f"发布{name}", "2026-01-31T09:00:00+08:00")
    return clone


def test_the_sample_documents_are_registered_as_they_are(site: Site) -> None:
    now = datetime(2026, 12, 31, 9, tzinfo=site.zone)

    checked = check_folder(ROOT / "docs", site, now, Asked(since=""))
    assert [str(finding) for finding in checked.findings] == []


def test_a_change_without_a_note_is_told_at_the_line_of_the_notes(bureau: Path) -> None:
    noted = notice(1, 更正="[{date: 2026-01-16, note: 附件换新}]")
    write(bureau, {"docs/notices/1.md": noted})
    commit(bureau, "更正", "2026-01-30T09:00:00+08:00")
    assert gongkai(bureau, "register").returncode == 0
    write(bureau, {"docs/notices/1.md": noted.replace("第1份通知。", "改过的通知。")})

    told = gongkai(bureau, "check").stderr
    assert noted.split("\n")[9].startswith("更正:")
    assert "docs/notices/1.md:10: 更正: 本文件已经公开，内容有改动" in told
