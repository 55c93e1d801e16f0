"""Where a commit is laid out to be checked and built: its files, and the settings that are taken from it.

Each desk has a work tree of its own with a repository of its own that borrows its objects: from the bare repository,
and, while a push is only being judged, from the quarantine that git keeps its objects in. So git answers there what it
would answer the clerk, nothing is copied twice, and going from one commit to the next costs what differs.

Pushed files are content, never code. The site is rendered by this installation's generator, templates and settings;
of the pushed mkdocs.yml only facts are taken, read without constructing anything: the site's name and description, and
`extra.disclosure`. Pushed hooks/, overrides/ and other settings change nothing on the server: templates and tags such
as `!!python/…` can run programs, and that is for whoever administers the server to allow, by updating the installation.
Links are not followed: git writes them as plain files (core.symlinks=false), so that none leads out of the tree.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

from gongkai.checks.rules import why_not_silenced
from gongkai.engine.settings import CONFIG_FILE
from gongkai.receiving.failures import FlawedError, SetUpError
from gongkai.receiving.repository import Repository, git, leftovers, put
from gongkai.search.synonyms import NAME as SYNONYMS
from gongkai.site import SettingsError, Site, read_site

#: This installation: its settings, its templates, its hooks.
INSTALLATION = Path(__file__).parents[2]
_SETTINGS = (
    ("core.symlinks", "false"),
    ("core.autocrlf", "false"),
    ("core.fileMode", "false"),
    ("core.quotePath", "false"),
    ("core.hooksPath", "/dev/null"),
    ("core.fsmonitor", "false"),
    ("gc.auto", "0"),
)
_LINK, _SUBMODULE = "120000", "160000"
#: What of mkdocs.yml a push decides, beside `extra.disclosure`.
_NAMES = ("site_name", "site_description")
#: What only an update of the installation changes.
_INSTALLED = ("hooks", "overrides", "scripts", "pyproject.toml", "requirements.lock")
_SHOWN = 10


class Taken(NamedTuple):
    """What a tree is built as: the site's facts, and its address, with a final slash."""

    site: Site
    address: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A place to lay a commit out: `tree/` is its files, `mkdocs.yml` the settings that they are built with."""

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

    def lay_out(self, commit: str, *, quarantine: Path | None = None) -> None:
        """Make the tree that of `commit`, whose new objects may still be in `quarantine`; nothing else is left in it."""
        try:
            self._lay_out(commit, quarantine)
        except SetUpError:  # a killed git left it so that no other can go on from there
            self.clear()
            self._lay_out(commit, quarantine)

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _lay_out(self, commit: str, quarantine: Path | None) -> None:
        own = self.tree / ".git"
        if not (own / "gongkai").is_file():
            shutil.rmtree(self.tree, ignore_errors=True)
            self.tree.mkdir(parents=True)
            git(self.tree, "init", "--quiet", "--template=", "--initial-branch=main")
            for key, value in _SETTINGS:
                git(self.tree, "config", key, value)
            put(own / "gongkai", b"")
        for lock in (*own.glob("*.lock"), *own.glob("refs/heads/*.lock"), *leftovers(self.folder)):
            lock.unlink(missing_ok=True)
        borrowed = [path for path in (self.repository.objects, quarantine) if path]
        lines = "".join(f"{path.resolve()}\n" for path in borrowed)
        put(own / "objects" / "info" / "alternates", lines.encode("utf-8", "surrogateescape"))
        git(self.tree, "reset", "--hard", "--quiet", commit, "--")
        git(self.tree, "clean", "-ffdxq")

    def take_settings(self, *, base_url: str) -> "Taken":
        """Write the settings that this tree is built with; raises FlawedError naming what is wrong with the pushed ones.

        `base_url` is the site's address, "" for the one that the pushed settings name.
        """
        pushed = _pushed(self.tree / CONFIG_FILE)
        disclosure = _entry(_entry(pushed, "extra"), "disclosure")
        try:
            site = read_site(_plain(disclosure), file=CONFIG_FILE, not_silenced=why_not_silenced)
        except SettingsError as problem:
            raise FlawedError(*str(problem).splitlines()) from None
        facts = dict(_names(pushed))
        url = base_url or _plain(_entry(pushed, "site_url"))
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise FlawedError(f"{CONFIG_FILE}: site_url: 应为网站的网址，以 https:// 开头，实为“{url or ''}”")
        address = url.rstrip("/") + "/"
        put(self.config_file, _combined({**facts, "site_url": _text(address)}, disclosure).encode())
        self._take_synonyms()
        return Taken(site, address)

    def _take_synonyms(self) -> None:
        pushed, own = self.tree / SYNONYMS, self.folder / SYNONYMS
        if pushed.is_file():
            put(own, pushed.read_bytes())
        else:
            own.unlink(missing_ok=True)

    def refuse_strange(self) -> None:
        """Raise FlawedError where the tree has what cannot be published as it is: links, other repositories, no docs/."""
        told = git(self.tree, "ls-tree", "-r", "-z", "HEAD", "--", "docs", CONFIG_FILE, SYNONYMS)
        strange = [
            f"{path}: "
            + (
                "这是一个链接，服务器不跟随链接。请换成真正的文件"
                if mode == _LINK
                else "这是另一个 git 仓库，里面的文件不会读入。请换成真正的文件"
            )
            for entry in told.split("\0")
            if entry
            for (mode, *_), path in [(entry.partition("\t")[0].split(), entry.partition("\t")[2])]
            if mode in (_LINK, _SUBMODULE)
        ]
        if strange:
            raise FlawedError(*strange)
        if not self.docs_dir.is_dir():
            raise FlawedError("推送的内容里没有 docs 文件夹。请在项目文件夹里提交，docs 应在最上一层")

    def is_after(self, old: str, new: str) -> bool:
        """Whether `new` has `old` behind it."""
        return not old or self._shared(old, new) == old

    def since(self, branch: str) -> str:
        """The commit at which the tree's own parted from `branch`'s; "" where they have nothing in common."""
        return self._shared(branch, "HEAD")

    def _shared(self, one: str, other: str) -> str:
        try:
            return git(self.tree, "merge-base", one, other).strip()
        except SetUpError:  # git's way to say that there is none
            return ""

    def blobs(self, commit: str = "HEAD") -> dict[str, str]:
        """Git's name of the content of each file below docs/ at `commit`, by path relative to docs/."""
        told = git(self.tree, "ls-tree", "-r", "-z", commit, "--", "docs")
        entries = (entry.partition("\t") for entry in told.split("\0") if entry)
        return {path.removeprefix("docs/"): facts.split()[2] for facts, _, path in entries}

    def changes_of_installation(self, old: str) -> list[str]:
        """What changed since `old` that this server takes from its installation, not from a push."""
        if not old:
            return []
        told = git(self.tree, "diff", "--name-only", "-z", "--no-renames", old, "HEAD", "--", *_INSTALLED)
        return [path for path in told.split("\0") if path][:_SHOWN]


def _pushed(file: Path) -> yaml.Node:
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


def _names(pushed: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    """The site's name and description as plain text: a node itself might carry a tag that runs a program."""
    for name in _NAMES:
        node = _entry(pushed, name)
        value = _plain(node)
        if isinstance(value, str):
            yield name, _text(value)
        elif node is not None:
            line = node.start_mark.line + 1
            raise FlawedError(f"{CONFIG_FILE}:{line}: {name}: 应为一行文字，实为“{value}”。请加上引号")


def _plain(node: yaml.Node | None) -> object:
    """The value of `node`, of plain YAML only; raises FlawedError for anything that would have to be constructed."""
    if node is None:
        return None
    places = set[int]()
    for one in _nodes(node):
        line = one.start_mark.line + 1
        if not one.tag.startswith("tag:yaml.org,2002:") or one.tag.startswith("tag:yaml.org,2002:python"):
            raise FlawedError(f"{CONFIG_FILE}:{line}: 这里不能用“!”开头的标记。请写普通的文字、数字或清单")
        if id(one) in places and not isinstance(one, yaml.ScalarNode):
            raise FlawedError(f"{CONFIG_FILE}:{line}: 这里不能用“*”引用别处的设置。请照写一遍")
        places.add(id(one))
    loader = yaml.SafeLoader("")
    try:
        value: object = loader.construct_document(node)
    except yaml.YAMLError:
        raise FlawedError(f"{CONFIG_FILE}:{node.start_mark.line + 1}: 读不出来，写法有误") from None
    finally:
        loader.dispose()
    return value


def _nodes(node: yaml.Node) -> Iterator[yaml.Node]:
    """`node` and all that it holds; what is held twice comes twice, with nothing in it the second time."""
    seen = set[int]()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if id(one) in seen or isinstance(one, yaml.ScalarNode):
            continue
        seen.add(id(one))
        pairs = one.value if isinstance(one, yaml.MappingNode) else [(each,) for each in one.value]
        waiting += [part for pair in pairs for part in pair]


def _combined(facts: Mapping[str, yaml.Node], disclosure: yaml.Node | None) -> str:
    """The installation's own settings, with the pushed facts in place of its own."""
    file = INSTALLATION / CONFIG_FILE
    own = yaml.compose(file.read_text("utf-8"), Loader=yaml.SafeLoader)
    places = {
        "hooks": yaml.SequenceNode(
            "tag:yaml.org,2002:seq", [_text(str(INSTALLATION / "hooks" / "events.py"))]
        ),
        "theme": _with(_entry(own, "theme"), {"custom_dir": _text(str(INSTALLATION / "overrides"))}),
        "extra": _with(_entry(own, "extra"), {"disclosure": disclosure} if disclosure else {}),
    }
    whole = _with(own, {**facts, **places}, without=("docs_dir", "site_dir", "watch", *_NAMES))
    text: str = yaml.serialize(whole, Dumper=yaml.SafeDumper, allow_unicode=True)
    return text


def _text(value: str) -> yaml.Node:
    return yaml.ScalarNode("tag:yaml.org,2002:str", value)


def _with(
    node: yaml.Node | None, entries: Mapping[str, yaml.Node], *, without: tuple[str, ...] = ()
) -> yaml.Node:
    """The mapping `node` with `entries` in place of its own of the same names, and those in `without` gone."""
    kept = node.value if isinstance(node, yaml.MappingNode) else []
    old = [(key, value) for key, value in kept if key.value not in (*entries, *without)]
    fresh = [(_text(key), value) for key, value in entries.items()]
    return yaml.MappingNode("tag:yaml.org,2002:map", [*old, *fresh])
