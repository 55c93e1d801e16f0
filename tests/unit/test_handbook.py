"""The staff handbook and the code say the same, both ways: whoever changes one is told of the other."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args
from urllib.parse import unquote

import click
import markdown  # type: ignore[import-untyped]  # Markdown ships no types
import pytest
from pydantic import BaseModel
from pymdownx.slugs import slugify  # type: ignore[import-untyped]  # nor does PyMdown

from gongkai.checks.damage import MESSAGES, find_damage, text_damage
from gongkai.checks.links import check_files
from gongkai.checks.protocol import Reported
from gongkai.checks.readers import content_spots, read_thoroughly
from gongkai.checks.rules import CODES
from gongkai.checks.run import reported_at
from gongkai.commands.cli import cli
from gongkai.records.reading import Defaults
from gongkai.records.record import REQUIRED, defaults_schema, front_matter_schema
from gongkai.records.values import AUDIENCES, PERMANENT_TERMS, Disclosure, Status
from gongkai.records.vocabulary import FIELDS, KEY_OF, FieldName
from gongkai.site import RESERVED, Site
from tests.handbook_codes import renewed
from tests.writing import PLAIN, reading, whole

ROOT = Path(__file__).parents[2]
HANDBOOK = ROOT / "docs" / "handbook"
PAGES = sorted(HANDBOOK.glob("*.md"))
SHELL_ENTRIES = sorted(
    path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and path.read_bytes().startswith(b"#!")
)
HELP = {"-h", "--help"}


def page(name: str) -> str:
    return (HANDBOOK / f"{name}.md").read_text("utf-8")


@cache
def sections(name: str, level: int) -> dict[str, str]:
    """Each heading of that level in a page, outside code, with the text below it."""
    found: dict[str, str] = {}
    heading, is_code = "", False
    for line in page(name).split("\n"):
        is_code ^= line.startswith("```")
        mark, _, words = line.partition(" ")
        if not is_code and mark and not mark.strip("#") and len(mark) <= level:
            heading = words if len(mark) == level else ""
        elif heading:
            found[heading] = found.get(heading, "") + line + "\n"
    return found


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


# Fields


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_every_field_has_its_section_with_all_its_names(field: FieldName) -> None:
    text = sections("fields", 3)[f"{field.label} {field.key}"]

    assert [name for name in field.also if name not in text.split("。")[0] + text.split("。")[1]] == []


def test_every_section_of_a_field_is_of_a_field() -> None:
    assert set(sections("fields", 3)) == {f"{field.label} {field.key}" for field in FIELDS}


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_a_field_is_called_required_where_it_is(field: FieldName) -> None:
    text = sections("fields", 3)[f"{field.label} {field.key}"]

    assert text.strip().startswith("必填。") == (field.key in REQUIRED)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_the_example_of_a_field_is_read_as_it_stands(field: FieldName) -> None:
    (example,) = blocks(sections("fields", 3)[f"{field.label} {field.key}"], "yaml")

    found = reading(with_lines(example))

    assert found.findings == ()
    assert field.key in found.lines


@pytest.mark.parametrize(
    ("key", "words"),
    [("disclosure", tuple(Disclosure)), ("status", tuple(Status)), ("audience", AUDIENCES), ("term", PERMANENT_TERMS)],
    ids=["disclosure", "status", "audience", "term"],
)
def test_the_values_a_field_accepts_are_listed(key: str, words: tuple[str, ...]) -> None:
    (text,) = (text for heading, text in sections("fields", 3).items() if heading.endswith(f" {key}"))

    assert [word for word in words if f"`{word}`" not in text] == []


def with_lines(lines: str) -> str:
    """The plain document's file with `lines` in place of its own entries of the same fields."""
    keys = {KEY_OF.get(line.partition(":")[0]) for line in lines.splitlines()}
    kept = "".join(f"{label}: {value}\n" for label, value in PLAIN.items() if KEY_OF[label] not in keys)
    return f"---\n{kept}{lines}---\n\n正文。\n"


# Findings


def test_every_code_has_a_section_and_every_section_a_code() -> None:
    assert sorted(sections("findings", 3)) == sorted(f"{code} {kind.name}" for code, kind in CODES.items())


def test_the_opening_of_every_section_is_the_registrys() -> None:
    """`python -m tests.handbook_codes` renews what differs."""
    assert renewed(page("findings")) == page("findings")


def test_a_damage_has_the_same_name_in_an_import_and_in_a_check() -> None:
    assert {code: CODES[code].name for code in MESSAGES} == dict(MESSAGES)


@pytest.mark.parametrize("code", CODES)
def test_a_finding_has_an_example_as_it_is_printed_and_a_remedy(code: str) -> None:
    text = section_of(code)
    severity = {"error": "错误", "warning": "提醒"}[CODES[code].severity]

    assert f"[{severity} {code}]\n" in text
    assert "\n改法：" in text
    assert f"### {code} " in sections("findings", 2)[severity]


@dataclass(frozen=True)
class Example:
    code: str
    lines: str
    printed: str


def section_of(code: str) -> str:
    return next(text for heading, text in sections("findings", 3).items() if heading.startswith(f"{code} "))


def finding_examples() -> list[Example]:
    """Those of one field, where the lines that cause it stand in the handbook too."""
    return [
        Example(code, lines, printed)
        for code in CODES
        for lines, printed in zip(blocks(section_of(code), "yaml"), blocks(section_of(code), "text"), strict=False)
    ]


@pytest.mark.parametrize("example", finding_examples(), ids=lambda example: example.code)
def test_the_lines_of_an_example_print_what_it_says(example: Example, site: Site, tmp_path: Path) -> None:
    read = read_thoroughly(with_lines(example.lines).encode(), "notices/a.md", Defaults(), site)
    beside = check_files(whole(read.document, docs_dir=tmp_path)) if read.document else ()
    found = [reported_at(one, read.lines, Path("docs")) for one in (*read.findings, *beside)]

    assert [shown(finding) for finding in found] == [example.printed]


def shown(finding: Reported) -> str:
    kind = "错误" if finding.is_error else "提醒"
    return f"{finding} [{kind} {finding.code}]\n"


@pytest.mark.parametrize("code", MESSAGES)
def test_the_sentence_of_a_damage_is_listed_as_it_says(code: str) -> None:
    sentence, listed, printed = blocks(section_of(code), "text")

    (damage,) = find_damage(sentence.rstrip("\n"))
    (spot,) = text_damage(sentence.rstrip("\n"))

    assert (damage.code, f"{damage.message}：“{damage.excerpt}”\n") == (code, listed)
    assert printed == f"docs/notices/a.md:12: {spot.message} [提醒 {spot.code}]\n"


@pytest.mark.parametrize("code", [code for code in CODES if blocks(section_of(code), "md")])
def test_the_text_of_an_example_prints_what_it_says(code: str) -> None:
    (body,), (printed,) = blocks(section_of(code), "md"), blocks(section_of(code), "text")

    ((field, spot),) = content_spots(body.rstrip("\n"), {}, banned={"身份证": "居民身份证"})
    line = 11 + spot.line
    finding = Reported("docs/notices/a.md", line, field, spot.code, spot.message, CODES[spot.code])

    assert shown(finding) == printed


# Commands


def commands() -> dict[str, click.Command]:
    """Every command that does something, those of groups under both names."""
    found: dict[str, click.Command] = {}
    for name, command in cli.commands.items():
        if isinstance(command, click.Group):
            found |= {f"gongkai {name} {inner}": one for inner, one in command.commands.items()}
        else:
            found[f"gongkai {name}"] = command
    return found


def options(command: click.Command) -> set[str]:
    return {
        option
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in (*parameter.opts, *parameter.secondary_opts)
    }


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    entries = {f"scripts/{name}" for name in SHELL_ENTRIES}

    assert set(sections("commands", 2)) == set(commands()) | entries


@pytest.mark.parametrize("name", commands())
def test_every_option_is_described_and_no_other(name: str) -> None:
    rows = re.findall(r"^\| (`-.*?) \|", sections("commands", 2)[name], re.M)
    described = {option for row in rows for option in re.findall(r"`(--?[a-z-]+)", row)}

    assert described == options(commands()[name]) - HELP


def test_no_page_names_a_command_or_an_option_that_is_not_there() -> None:
    text = "\n".join(path.read_text("utf-8") for path in [*PAGES, ROOT / "README.md"])
    known = set().union(*map(options, commands().values())) | HELP | {"--version", "--long"}
    lines = "\n".join(re.findall(r"^(?:scripts/)?gongkai .*|^scripts/(?:serve|build|test).*", text, re.M))

    assert set(re.findall(r"(?:^|`|scripts/)gongkai ([a-z]+)", text, re.M)) <= set(cli.commands)
    assert set(re.findall(r"\bscripts/([a-z-]+)\b(?!\.)", text)) <= set(SHELL_ENTRIES)
    assert set(re.findall(r"(?<= )--?[a-z-]+", lines)) <= known


@pytest.mark.parametrize("command", ["scripts/serve", "scripts/test"])
def test_the_readme_names_the_two_commands(command: str) -> None:
    assert f"\n{command}\n" in (ROOT / "README.md").read_text("utf-8")


# Settings


def settings(model: type[BaseModel] = Site, path: str = "extra.disclosure") -> Iterator[tuple[str, set[str]]]:
    """The keys of each group of settings, under its dotted path in mkdocs.yml."""
    yield path, set(model.model_fields)
    for key, info in model.model_fields.items():
        for inner in (info.annotation, *get_args(info.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from settings(inner, f"{path}.{key}")


def test_every_group_of_settings_has_a_section_and_every_section_a_group() -> None:
    described = {heading.split()[0] for heading in sections("site", 3)} - {"其他设置"}

    assert described == {path for path, _ in settings()}


@pytest.mark.parametrize(("path", "keys"), list(settings()), ids=lambda value: value if isinstance(value, str) else "")
def test_every_setting_is_described_and_no_other(path: str, keys: set[str]) -> None:
    (text,) = (text for heading, text in sections("site", 3).items() if heading.split()[0] == path)

    assert set(re.findall(r"^\| `(\w+)` \|", text, re.M)) == keys


def test_every_reserved_name_is_told() -> None:
    assert [name for name in sorted(RESERVED) if f"`{name}`" not in page("site")] == []


# The handbook itself


@cache
def rendered(path: Path) -> str:
    converter = markdown.Markdown(
        extensions=["tables", "toc", "pymdownx.superfences"],
        extension_configs={"toc": {"slugify": slugify(case="lower")}},
    )
    html: str = converter.convert(path.read_text("utf-8"))
    return html


def leads_somewhere(target: str, origin: Path) -> bool:
    name, _, anchor = target.partition("#")
    path = HANDBOOK / name if name else origin
    return path.is_file() and (not anchor or f' id="{anchor}"' in rendered(path))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_between_pages_lead_to_a_heading(path: Path) -> None:
    links = re.findall(r'href="([^"]+)"', rendered(path))

    assert [target for target in links if not leads_somewhere(unquote(target), path)] == []


def test_the_front_page_leads_to_every_other_page() -> None:
    assert [path.name for path in PAGES if path.stem != "index" and f"({path.name})" not in page("index")] == []


@pytest.mark.parametrize(
    ("name", "schema"),
    [("front-matter", front_matter_schema()), ("defaults", defaults_schema())],
    ids=["front matter", "defaults"],
)
def test_editors_have_the_present_schema(name: str, schema: dict[str, object]) -> None:
    kept = (ROOT / ".vscode" / f"{name}.schema.json").read_text("utf-8")

    assert json.loads(kept) == schema


def test_editors_apply_the_schema_to_folder_defaults() -> None:
    wired = json.loads((ROOT / ".vscode" / "settings.json").read_text("utf-8"))["yaml.schemas"]

    assert wired == {"./.vscode/defaults.schema.json": ["docs/**/.meta.yml"]}
