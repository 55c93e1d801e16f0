"""A commit checked out to be checked and built: its files, and the settings that are taken from it.

Each checkout has a work tree with a repository of its own that borrows its objects: from the bare repository, and, while
git has not accepted the push yet, from the quarantine that git keeps its objects in. So git answers there what it would
answer the clerk, nothing is copied twice, and going from one commit to the next costs what differs.

Pushed files are content, never code. The site is rendered by this installation's generator, templates and settings;
of the pushed mkdocs.yml only facts are taken, read without constructing anything: the site's name and description, and
`extra.disclosure`. Pushed hooks/, overrides/ and other settings change nothing on the server: templates and tags such
as `!!python/…` can run programs, and that is for whoever administers the server to allow, by updating the installation.
Links are not followed: git writes them as plain files (core.symlinks=false), so that none leads out of the tree.
"""

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from gongkai import INSTALLATION
from gongkai.checks.rules import why_not_silenced
from gongkai.engine.settings import CONFIG_FILE
from gongkai.memory.files import unfinished_writes, write_atomically
from gongkai.receiving.repository import RefusedError, Repository, SetUpError, git
from gongkai.search.synonyms import NAME as SYNONYMS
from gongkai.site import SettingsError, read_site

_GIT_SETTINGS = (
    ("core.symlinks", "false"),
    ("core.autocrlf", "false"),
    ("core.fileMode", "false"),
    ("core.quotePath", "false"),
    ("core.hooksPath", "/dev/null"),
    ("core.fsmonitor", "false"),
    ("gc.auto", "0"),
)
#: Lies in the tree's .git once that was made whole.
_COMPLETE = "gongkai"
#: Git's modes of what a tree may not have, and what is said of it.
_REFUSED_MODES = {
    "120000": "这是一个链接，服务器不跟随链接。请换成真正的文件",
    "160000": "这是另一个 git 仓库，里面的文件不会读入。请换成真正的文件",
}
#: What of mkdocs.yml a push decides, beside `extra.disclosure`.
_SITE_NAMES = ("site_name", "site_description")
#: What only an update of the installation changes; of a push so many such paths are named.
_INSTALLED = (
    *("hooks", "overrides", "scripts", "pyproject.toml"),
    *("requirements.lock", "requirements.txt", "software"),
)
_NAMED = 10


class FlawedError(RefusedError):
    """A commit that cannot be built as it is, whatever its documents say."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A commit's files in `tree/`, and beside it `mkdocs.yml`, the settings that they are built with."""

    repository: Repository
    folder: Path

    @property
    def tree(self) -> Path:
        return self.folder / "tree"

    @property
    def docs_dir(self) -> Path:
        return self.tree / "docs"

    @property
    def config_file(self) -> Path:
        return self.folder / CONFIG_FILE

    def check_out(self, commit: str, *, quarantine: Path | None = None) -> None:
        """Make the tree just that of `commit`, whose objects may still be in git's `quarantine`; raises SetUpError."""
        try:
            self._check_out(commit, quarantine)
        except SetUpError:  # a git that was killed may have left it so that no other can go on from there
            shutil.rmtree(self.folder, ignore_errors=True)
            self._check_out(commit, quarantine)

    def _check_out(self, commit: str, quarantine: Path | None) -> None:
        own = self.tree / ".git"
        if not (own / _COMPLETE).is_file():
            shutil.rmtree(self.tree, ignore_errors=True)
            self.tree.mkdir(parents=True)
            git(self.tree, "init", "--quiet", "--template=", "--initial-branch=main")
            for key, value in _GIT_SETTINGS:
                git(self.tree, "config", key, value)
            write_atomically(own / _COMPLETE, b"")
        for left in (*own.glob("*.lock"), *own.glob("refs/heads/*.lock"), *unfinished_writes(self.folder)):
            left.unlink(missing_ok=True)
        borrowed = [path for path in (self.repository.objects, quarantine) if path]
        lines = "".join(f"{path.resolve()}\n" for path in borrowed)
        alternates = own / "objects" / "info" / "alternates"
        write_atomically(alternates, lines.encode("utf-8", "surrogateescape"))
        git(self.tree, "reset", "--hard", "--quiet", commit, "--")
        git(self.tree, "clean", "-ffdxq")

    def write_settings(self, *, base_url: str) -> str:
        """Write the settings that this tree is built with; the site's address, with a final slash.

        `base_url` is that address, "" for the one that the pushed settings name. Raises FlawedError naming what is wrong
        with the pushed settings.
        """
        pushed = _read_pushed(self.tree / CONFIG_FILE)
        disclosure = _entry(_entry(pushed, "extra"), "disclosure")
        try:
            read_site(_value(disclosure), file=CONFIG_FILE, not_silenced=why_not_silenced)
        except SettingsError as problem:
            raise FlawedError(*str(problem).splitlines()) from None
        names = dict(_site_names(pushed))
        url = base_url or _value(_entry(pushed, "site_url"))
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise FlawedError(f"{CONFIG_FILE}: site_url: 应为网站的网址，以 https:// 开头，实为“{url or ''}”")
        address = url.rstrip("/") + "/"
        text = _merged({**names, "site_url": _text(address)}, disclosure)
        write_atomically(self.config_file, text.encode())
        self._copy_synonyms()
        return address

    def _copy_synonyms(self) -> None:
        pushed, own = self.tree / SYNONYMS, self.folder / SYNONYMS
        if pushed.is_file():
            write_atomically(own, pushed.read_bytes())
        else:
            own.unlink(missing_ok=True)

    def refuse_links(self) -> None:
        """Raise FlawedError where the tree has what cannot be published as it is: links, submodules, no docs/."""
        entries = self._entries("HEAD", "docs", CONFIG_FILE, SYNONYMS)
        strange = [f"{path}: {_REFUSED_MODES[mode]}" for mode, _, path in entries if mode in _REFUSED_MODES]
        if strange:
            raise FlawedError(*strange)
        if not self.docs_dir.is_dir():
            raise FlawedError("推送的内容里没有 docs 文件夹。请在项目文件夹里提交，docs 应在最上一层")

    def is_after(self, old: str, new: str) -> bool:
        """Whether the commit `new` has `old` behind it, "" being behind every commit."""
        return not old or self._common_ancestor(old, new) == old

    def fork_point(self, branch: str) -> str:
        """The commit at which the checked-out one parted from the commit `branch`; "" where they share none."""
        return self._common_ancestor(branch, "HEAD")

    def _common_ancestor(self, one: str, other: str) -> str:
        try:
            return git(self.tree, "merge-base", one, other).strip()
        except SetUpError:  # git's way to say that there is none
            return ""

    def blobs(self, commit: str = "HEAD") -> dict[str, str]:
        """Git's name of the content of each file below docs/ at `commit`, by path relative to docs/."""
        return {path.removeprefix("docs/"): blob for _, blob, path in self._entries(commit, "docs")}

    def _entries(self, commit: str, *paths: str) -> Iterator[tuple[str, str, str]]:
        """Git's mode and name of the content of each file below `paths`, and its path."""
        for entry in git(self.tree, "ls-tree", "-r", "-z", commit, "--", *paths).split("\0")[:-1]:
            facts, _, path = entry.partition("\t")
            mode, _, blob = facts.split()
            yield mode, blob, path

    def changes_of_installation(self, old: str) -> list[str]:
        """What changed since the commit `old` that this server takes from its installation, not from a push."""
        if not old:
            return []
        names = ("diff", "--name-only", "-z", "--no-renames")
        listing = git(self.tree, *names, old, "HEAD", "--", *_INSTALLED)
        return [path for path in listing.split("\0") if path][:_NAMED]


def _read_pushed(file: Path) -> yaml.Node:
    """The pushed mkdocs.yml as nodes; raises FlawedError where there is none, or it is no mapping."""
    try:
        found = yaml.compose(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except FileNotFoundError:
        raise FlawedError(f"推送的内容里没有 {CONFIG_FILE}。请在项目文件夹里提交，它应在最上一层") from None
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        line = getattr(getattr(problem, "problem_mark", None), "line", 0) + 1
        raise FlawedError(f"{CONFIG_FILE}:{line}: 读不出来，写法有误。请与原来的对照改正") from None
    if not isinstance(found, yaml.MappingNode):
        raise FlawedError(f"{CONFIG_FILE}: 应为一组设置。请与原来的对照改正")
    return found


def _entry(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """What stands under `key`, None where nothing does."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _site_names(pushed: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    """The site's name and description as plain text: a node itself might carry a tag that runs a program."""
    for name in _SITE_NAMES:
        node = _entry(pushed, name)
        value = _value(node)
        if isinstance(value, str):
            yield name, _text(value)
        elif node is not None:
            line = node.start_mark.line + 1
            raise FlawedError(f"{CONFIG_FILE}:{line}: {name}: 应为一行文字，实为“{value}”。请加上引号")


def _value(node: yaml.Node | None) -> object:
    """The value of `node`, of plain YAML only; raises FlawedError for anything that would have to be constructed."""
    if node is None:
        return None
    _refuse_tags_and_aliases(node)
    loader = yaml.SafeLoader("")
    try:
        value: object = loader.construct_document(node)
    except yaml.YAMLError:
        raise FlawedError(f"{CONFIG_FILE}:{node.start_mark.line + 1}: 读不出来，写法有误") from None
    finally:
        loader.dispose()
    return value


def _refuse_tags_and_aliases(root: yaml.Node) -> None:
    seen = set[int]()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        line = node.start_mark.line + 1
        if not node.tag.startswith("tag:yaml.org,2002:") or node.tag.startswith("tag:yaml.org,2002:python"):
            raise FlawedError(f"{CONFIG_FILE}:{line}: 这里不能用“!”开头的标记。请写普通的文字、数字或清单")
        if isinstance(node, yaml.ScalarNode):
            continue
        if id(node) in seen:
            raise FlawedError(f"{CONFIG_FILE}:{line}: 这里不能用“*”引用别处的设置。请照写一遍")
        seen.add(id(node))
        for part in node.value:
            waiting += part if isinstance(node, yaml.MappingNode) else [part]


def installation() -> Path:
    """The folder whose settings, hook and templates a push is rendered with.

    That of a bureau's repository, or of a checkout, in whose `.venv` this runs, as scripts/environment.sh makes it;
    else the software's own. Who may write there administers the server.
    """
    around = Path(sys.prefix).parent
    is_laid = all((around / name).is_file() for name in (CONFIG_FILE, "hooks/events.py"))
    return around if is_laid and (around / "overrides").is_dir() else INSTALLATION


def _merged(facts: Mapping[str, yaml.Node], disclosure: yaml.Node | None) -> str:
    """The text of the installation's own settings, with the pushed facts in place of its own."""
    folder = installation()
    file = folder / CONFIG_FILE
    own = yaml.compose(file.read_text("utf-8"), Loader=yaml.SafeLoader)
    places = {
        "hooks": yaml.SequenceNode("tag:yaml.org,2002:seq", [_text(str(folder / "hooks" / "events.py"))]),
        "theme": _replaced(_entry(own, "theme"), {"custom_dir": _text(str(folder / "overrides"))}),
        "extra": _replaced(_entry(own, "extra"), {"disclosure": disclosure} if disclosure else {}),
    }
    whole = _replaced(own, {**facts, **places}, without=("docs_dir", "site_dir", "watch", *_SITE_NAMES))
    text: str = yaml.serialize(whole, Dumper=yaml.SafeDumper, allow_unicode=True)
    return text


def _text(value: str) -> yaml.Node:
    return yaml.ScalarNode("tag:yaml.org,2002:str", value)


def _replaced(node: yaml.Node | None, entries: Mapping[str, yaml.Node], *, without: tuple[str, ...] = ()) -> yaml.Node:
    """The mapping `node` with `entries` in place of its own of the same names, and those in `without` gone."""
    kept = node.value if isinstance(node, yaml.MappingNode) else []
    old = [(key, value) for key, value in kept if key.value not in (*entries, *without)]
    fresh = [(_text(key), value) for key, value in entries.items()]
    return yaml.MappingNode("tag:yaml.org,2002:map", [*old, *fresh])
