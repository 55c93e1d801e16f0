"""What people who know MkDocs add to mkdocs.yml works on documents, or the build says that it does not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.engine.build import Outcome, Request, build_site
from gongkai.engine.edition import BuildFailedError
from gongkai.memory import pool
from tests.site.conftest import contents
from tests.writing import markdown

ROOT = Path(__file__).parents[2]
NOW = "2026-01-31T09:00"
TWO = {
    "plans/a.md": markdown("甲的正文提到软件。", 信息索取号="a/1", 标题="甲计划"),
    "notices/b.md": markdown("乙的正文也提到软件。", 信息索取号="a/2", 标题="乙通知"),
}
PAGE_A, PAGE_B = "plans/a/index.html", "notices/b/index.html"
REPLACING = "def on_page_markdown(markdown, **given):\n    return markdown.replace('软件', '{word}')\n"
#: A hook with every event of a page, each of which leaves things as they are, and those that come before.
IDLE = """
def on_startup(**given): pass
def on_config(config): return config
def on_pre_build(config): pass
def on_env(env, config, files): return env
def on_pre_page(page, config, files): return page
def on_page_read_source(page, config): return None
def on_page_markdown(markdown, page, config, files): return None
def on_page_content(html, page, config, files): return html
def on_page_context(context, page, config, nav): return context
def on_post_page(output, page, config): return output
"""
#: A hook that writes down all that it is handed.
CURIOUS = """
def note(*things):
    with open({log!r}, 'a', encoding='utf-8') as file:
        print(*things, file=file)

def on_files(files, config):
    note([(f.src_uri, f.content_string, f.abs_src_path) for f in files if not f.src_uri.startswith('assets')])

def on_page_markdown(markdown, page, config, files):
    note(markdown, page.url, page.title, page.meta, [f.src_uri for f in files])

def on_page_context(context, page, config, nav):
    note(page.markdown, page.content, context['pages'])

def on_post_page(output, page, config):
    note(output)
"""


class Bureau:
    """A bureau with its own settings, hooks and templates."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.request = Request(
            folder / "mkdocs.yml", docs_dir=folder / "docs", site_dir=folder / "site", now=NOW, jobs=1
        )
        shutil.copytree(ROOT / "overrides", folder / "overrides")
        self.settings = (
            (ROOT / "mkdocs.yml")
            .read_text("utf-8")
            .replace("[hooks/events.py]", f"[{ROOT / 'hooks/events.py'}, own.py]")
        )
        self.set()
        self.hook("")
        self.write(TWO)

    def set(self, changes: Mapping[str, str] | None = None) -> None:
        """The settings, with passages replaced."""
        text = self.settings
        for old, new in (changes or {}).items():
            assert old in text
            text = text.replace(old, new, 1)
        (self.folder / "mkdocs.yml").write_text(text, "utf-8")

    def hook(self, code: str) -> None:
        (self.folder / "own.py").write_text(code, "utf-8")

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (self.folder / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / "docs" / name).write_text(text, "utf-8")

    def build(self, **options: object) -> Outcome:
        return build_site(replace(self.request, **options))  # type: ignore[arg-type]  # each option its own type

    def page(self, path: str) -> str:
        return (self.folder / "site" / path).read_text("utf-8")

    def mkdocs(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "mkdocs", *command],
            cwd=self.folder,
            env={**os.environ, "GONGKAI_NOW": NOW, "NO_MKDOCS_2_WARNING": "1"},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return Bureau(tmp_path)


def test_a_hook_changes_the_markdown_of_documents(bureau: Bureau) -> None:
    bureau.hook(REPLACING.format(word="应用程序"))

    bureau.build()

    assert "甲的正文提到应用程序。" in bureau.page(PAGE_A)
    assert "乙的正文也提到应用程序。" in bureau.page(PAGE_B)


def test_a_hook_changes_documents_in_worker_processes_alike(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau.hook(REPLACING.format(word="应用程序"))
    inline = contents(bureau.build().site_dir)
    monkeypatch.setattr(pool, "FEW", 1)

    by_workers = contents(bureau.build(jobs=2, clean=True).site_dir)

    assert "甲的正文提到应用程序。" in bureau.page(PAGE_A)
    assert by_workers == inline


def test_a_hook_that_changes_nothing_leaves_every_byte(bureau: Bureau) -> None:
    without = contents(bureau.build().site_dir)
    bureau.hook(IDLE)

    again = bureau.build()

    assert again.report.reasons["plans/a.md"] == "code"
    assert contents(again.site_dir) == without


def test_an_edited_hook_makes_the_pages_again(bureau: Bureau) -> None:
    bureau.hook(REPLACING.format(word="应用程序"))
    bureau.build()
    assert bureau.build().report.is_nothing
    bureau.hook(REPLACING.format(word="小程序"))

    again = bureau.build()

    assert again.report.reasons["plans/a.md"] == again.report.reasons["notices/b.md"] == "code"
    assert "甲的正文提到小程序。" in bureau.page(PAGE_A)


def test_a_module_beside_a_hook_and_what_is_watched_count_as_its_own(bureau: Bureau) -> None:
    (bureau.folder / "words.txt").write_text("应用程序", "utf-8")
    bureau.set({"watch: [overrides]": "watch: [overrides, words.txt]"})
    bureau.hook(
        "from pathlib import Path\n"
        f"WORDS = Path({str(bureau.folder / 'words.txt')!r})\n"
        "def on_page_markdown(markdown, **given):\n"
        "    return markdown.replace('软件', WORDS.read_text('utf-8'))\n"
    )
    bureau.build()
    (bureau.folder / "words.txt").write_text("小程序", "utf-8")

    bureau.build()

    assert "甲的正文提到小程序。" in bureau.page(PAGE_A)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def on_page_content(html, **given):\n    return html.replace('软件', '<b>软件</b>')", "提到<b>软件</b>。"),
        ("def on_page_context(context, **given):\n    context['heading'] = '另一个标题'", "<h1>另一个标题</h1>"),
        ("def on_post_page(output, **given):\n    return output + '<!-- 尾 -->'", "<!-- 尾 -->"),
        ("def on_pre_page(page, **given):\n    page.markdown = '换过的正文。'\n    return page", "换过的正文。"),
        ("def on_page_read_source(page, **given):\n    return '---\\ntitle: 丙\\n---\\n另来的正文。'", "另来的正文。"),
        ("def on_page_markdown(markdown, page, **given):\n    return page.meta['title'] + page.url", "甲计划plans/a/"),
        ("def on_config(config):\n    config.site_name = '另一个网站'", "<title>甲计划 - 另一个网站</title>"),
        ("def on_env(env, **given):\n    env.globals['stylesheets'] = ('own.css',)", 'href="../../own.css"'),
    ],
)
def test_each_event_of_a_page_is_run(bureau: Bureau, code: str, expected: str) -> None:
    bureau.hook(code)

    bureau.build()

    assert expected in bureau.page(PAGE_A)


def test_the_search_finds_what_a_hook_put_into_the_page(bureau: Bureau) -> None:
    bureau.hook("def on_post_page(output, **given):\n    return output.replace('软件', '甲乙丙丁')\n")
    first = bureau.build().manifest
    moment = (bureau.folder / "own.py").stat().st_mtime_ns
    bureau.hook("def on_post_page(output, **given):\n    return output.replace('软件', '戊己庚辛')\n")
    os.utime(bureau.folder / "own.py", ns=(moment, moment))  # as long as before, and of the same second

    again = bureau.build().manifest

    assert again.units["plans/a.md"].made.value != first.units["plans/a.md"].made.value


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("def on_page_markdown(markdown, **given):\n    return 1 / 0", "own.py 出错：ZeroDivisionError"),
        ("def on_post_page(output, **given):\n    return ' '", "on_post_page 之后网页是空的"),
    ],
)
def test_a_hook_that_fails_stops_the_build_in_words(bureau: Bureau, code: str, told: str) -> None:
    bureau.hook(code)

    with pytest.raises(BuildFailedError) as failed:
        bureau.build()

    assert told in str(failed.value)
    assert ".md: 没有生成出来" in str(failed.value)
    assert failed.value.exit_code == 2


def test_a_hook_is_handed_only_what_is_public(bureau: Bureau, tmp_path: Path) -> None:
    log = tmp_path / "seen.txt"
    bureau.hook(CURIOUS.format(log=str(log)))
    bureau.write(
        {
            "plans/later.md": markdown("机密壹。", 信息索取号="a/3", 标题="机密贰", 发布时间="2027-01-01 09:00"),
            "plans/asked.md": markdown("机密叁。", 信息索取号="a/4", 标题="丙计划", 公开方式="依申请公开"),
            "plans/a.md": markdown("甲的正文。<!-- 机密肆 -->", 信息索取号="a/1", 标题="甲计划", 审核="机密伍"),
        }
    )

    bureau.build()

    seen = log.read_text("utf-8")
    assert "甲的正文。" in seen
    assert "丙计划" in seen
    assert "机密" not in seen
    assert str(bureau.folder / "docs") not in seen


def test_a_plugin_of_material_runs_for_documents(bureau: Bureau) -> None:
    """`typeset` keeps headings with their code beside the table of contents, where the hook finds them."""
    bureau.write({"plans/a.md": markdown("## 一、`指标`", 信息索取号="a/1", 标题="甲计划")})
    bureau.set({"plugins: []": "plugins: [typeset]"})
    bureau.hook(
        "def on_page_content(html, page, **given):\n"
        "    return html + '目录：' + ''.join(item.typeset['title'] for item in page.toc)\n"
    )

    bureau.build()

    assert "目录：一、<code>指标</code>" in bureau.page(PAGE_A)


def test_a_changed_option_of_a_plugin_makes_the_pages_again(bureau: Bureau) -> None:
    bureau.set({"plugins: []": "plugins: [typeset]"})
    bureau.build()
    bureau.set({"plugins: []": "plugins: [typeset: {enabled: false}]"})

    again = bureau.build()

    assert again.report.reasons["plans/a.md"] == "code"


@pytest.mark.parametrize(
    "plugins", ["plugins: [search]", "plugins: [material/search]", "", "plugins: [search: {lang: zh}]"]
)
def test_the_search_plugin_is_refused_in_words(bureau: Bureau, plugins: str) -> None:
    bureau.set({"plugins: []": plugins})

    with pytest.raises(BuildFailedError) as failed:
        bureau.build()

    assert "plugins: " in str(failed.value)
    assert "search: 本系统自带全文搜索，不能再用这个插件" in str(failed.value)
    assert "plugins: []" in str(failed.value)
    assert failed.value.exit_code == 2


@pytest.mark.parametrize(
    ("plugins", "hook", "told"),
    [
        (
            "[]",
            "def on_nav(nav, **given): pass\ndef on_post_build(config): pass",
            "hooks: own.py: 它的 on_nav、on_post_build ",
        ),
        ("[]", "def on_files(files, config): pass", "hooks: own.py: 它的 on_files "),
        ("[offline]", "", "plugins: offline: 它的 on_post_build "),
        ("[tags]", "", "plugins: tags: 它看不到公开文件"),
    ],
)
def test_what_wants_all_pages_is_told_and_the_site_is_built(
    bureau: Bureau, caplog: pytest.LogCaptureFixture, plugins: str, hook: str, told: str
) -> None:
    bureau.set({"plugins: []": f"plugins: {plugins}"})
    bureau.hook(hook)

    bureau.build()

    assert told in caplog.text
    assert "甲的正文" in bureau.page(PAGE_A)


def test_settings_that_pages_have_no_use_for_are_told_once(bureau: Bureau, caplog: pytest.LogCaptureFixture) -> None:
    features = "theme:\n  features: [navigation.tabs, content.code.copy]\n  palette: {primary: red}\n"
    extensions = "markdown_extensions:\n  - pymdownx.arithmatex\n"
    bureau.set({"theme:\n": f"copyright: 某局\n{features}", "markdown_extensions:\n": extensions})

    bureau.build()

    told = [record.getMessage() for record in caplog.records if "不起作用" in record.getMessage()]
    assert len(told) == 1
    assert "theme.features（navigation.tabs、content.code.copy）、theme.palette" in told[0]
    assert "copyright" in told[0]
    assert "markdown_extensions: pymdownx.arithmatex" in told[0]


def test_plain_settings_are_told_nothing(bureau: Bureau, caplog: pytest.LogCaptureFixture) -> None:
    bureau.build()

    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize(
    ("extension", "body", "expected"),
    [
        ("abbr", "本局使用 ICP 备案。\n\n*[ICP]: 互联网内容提供者", '<abbr title="互联网内容提供者">ICP</abbr>'),
        ("attr_list", "正文。\n{: .gk-lead }", '<p class="gk-lead">正文。</p>'),
        ("md_in_html", '<div markdown="1">\n**甲**\n</div>', "<strong>甲</strong>"),
        ("def_list", "甲\n:   乙", "<dd>乙</dd>"),
    ],
)
def test_markdown_extensions_work_on_documents(bureau: Bureau, extension: str, body: str, expected: str) -> None:
    before = "markdown_extensions:\n"
    bureau.set({before: f"{before}  - {extension}\n"})
    bureau.write({"plans/a.md": markdown(body, 信息索取号="a/1", 标题="甲计划")})

    bureau.build()

    assert expected in bureau.page(PAGE_A)


def test_headings_have_links_to_themselves_where_that_is_set(bureau: Bureau) -> None:
    bureau.set({"  - toc:\n": "  - toc:\n      permalink: true\n"})
    bureau.write({"plans/a.md": markdown("## 一、目标", 信息索取号="a/1", 标题="甲计划")})

    bureau.build()

    assert 'class="headerlink"' in bureau.page(PAGE_A)


SNIPPETS = "markdown_extensions:\n  - pymdownx.snippets: {{base_path: {path}}}\n"


def test_an_edited_snippet_makes_the_pages_again(bureau: Bureau) -> None:
    bureau.set({"markdown_extensions:\n": SNIPPETS.format(path="!relative $config_dir/includes")})
    (bureau.folder / "includes").mkdir()
    (bureau.folder / "includes/contact.md").write_text("联系人甲。", "utf-8")
    bureau.write({"plans/a.md": markdown('--8<-- "contact.md"', 信息索取号="a/1", 标题="甲计划")})
    bureau.build()
    assert "联系人甲。" in bureau.page(PAGE_A)
    assert bureau.build().report.is_nothing
    (bureau.folder / "includes/contact.md").write_text("联系人乙。", "utf-8")

    bureau.build()

    assert "联系人乙。" in bureau.page(PAGE_A)


@pytest.mark.parametrize(
    "options",
    [
        "pymdownx.snippets",
        "pymdownx.snippets: {base_path: !relative $docs_dir}",
        "pymdownx.snippets: {base_path: !relative }",
        "pymdownx.snippets: {base_path: !relative $config_dir}",
        "pymdownx.snippets: {base_path: includes, url_download: true}",
        "pymdownx.snippets: {base_path: includes, restrict_base_path: false}",
    ],
)
def test_snippets_from_where_documents_lie_are_refused(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch, options: str
) -> None:
    monkeypatch.chdir(bureau.folder)
    bureau.set({"markdown_extensions:\n": f"markdown_extensions:\n  - {options}\n"})

    with pytest.raises(BuildFailedError, match="snippets: 请写 base_path"):
        bureau.build()


def test_mkdocs_own_command_runs_hooks_and_refuses_alike(bureau: Bureau) -> None:
    bureau.hook(REPLACING.format(word="应用程序"))
    ours = contents(bureau.build(site_dir=bureau.folder / "ours").site_dir)

    built = bureau.mkdocs("build", "-q")
    bureau.set({"plugins: []": "plugins: [search]"})
    refused = bureau.mkdocs("build", "-q")

    assert built.returncode == 0, built.stderr
    assert bureau.page(PAGE_A).encode() == ours[PAGE_A]
    assert refused.returncode == 1
    assert "plugins: search: 本系统自带全文搜索" in refused.stderr
    assert "Traceback" not in refused.stderr
