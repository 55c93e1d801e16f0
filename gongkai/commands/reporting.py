"""How findings are printed: for people, for programs, and as annotations of a workflow."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from gongkai.checks.protocol import Reported
    from gongkai.checks.run import Checked

_WORDS = {"error": "错误", "warning": "提醒"}


class Reporter(Protocol):
    def __call__(self, checked: "Checked", *, has_waived: bool) -> None: ...


def as_text(checked: "Checked", *, has_waived: bool = False) -> None:
    """Findings and the rules behind them on stderr, the sum on stdout."""
    for finding in checked.findings:
        click.echo(f"{finding} [{_WORDS[finding.severity]} {finding.code}]", err=True)
    for line in _rules(checked.findings):
        click.echo(line, err=True)
    for line in _summary(checked):
        click.echo(line)


def _rules(findings: "Iterable[Reported]") -> Iterator[str]:
    """The rule behind each kind of finding, once."""
    kinds = {finding.code: finding.kind for finding in findings}
    rules = [f"  {code}：{kind.why}" for code, kind in sorted(kinds.items()) if kind.why]
    return iter(["依据：", *rules] if rules else [])


def _summary(checked: "Checked") -> Iterator[str]:
    """What was waived and silenced, and how many findings count."""
    if checked.waived:
        yield f"已豁免 {len(checked.waived)} 条："
        for finding, waiver in checked.waived:
            yield f"  {finding} [{finding.code}；{waiver.reason}；{waiver.allowed_by}批准]"
    if checked.silenced:
        codes = "，".join(f"{code} {count} 条" for code, count in sorted(checked.silenced.items()))
        yield f"按网站设置略去的提醒：{codes}"
    errors = sum(finding.is_error for finding in checked.findings)
    warnings = len(checked.findings) - errors
    yield f"检查完毕：{warnings} 条提醒，{errors} 处错误（可读文件 {len(checked.decided)} 件）。"


def as_json(checked: "Checked", *, has_waived: bool = False) -> None:
    """A list, an item for each finding; waived ones, with who allowed them, only where asked for."""
    waived = [
        {**_as_item(finding), "waived": {"reason": waiver.reason, "allowed_by": waiver.allowed_by}}
        for finding, waiver in (checked.waived if has_waived else ())
    ]
    items = [*map(_as_item, checked.findings), *waived]
    click.echo(json.dumps(items, ensure_ascii=False, indent=1))


def _as_item(finding: "Reported") -> dict[str, object]:
    return {
        "path": finding.path,
        "line": finding.line,
        "field": finding.field,
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "family": finding.kind.family,
        "name": finding.kind.name,
        "why": finding.kind.why,
    }


def as_github(checked: "Checked", *, has_waived: bool = False) -> None:
    """Workflow commands: an annotation at the line of each finding; what else there is to say as plain lines."""
    for finding in checked.findings:
        click.echo(_command(finding.severity, finding))
    for one in checked.waived if has_waived else ():
        click.echo(_command("notice", one.finding, f"已豁免：{one.waiver.reason}（{one.waiver.allowed_by}批准）"))
    for line in _summary(checked):
        click.echo(line)


def _command(level: str, finding: "Reported", also: str = "") -> str:
    from gongkai.records.vocabulary import label

    field = f"{label(finding.field)}: " if finding.field else ""
    why = f"\n依据：{finding.kind.why}" if finding.kind.why else ""
    properties = {"file": finding.path, "line": str(finding.line), "title": f"{finding.kind.name}（{finding.code}）"}
    given = ",".join(f"{key}={_escaped_property(value)}" for key, value in properties.items())
    return f"::{level} {given}::{_escaped(field + finding.message + why + also)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


REPORTERS: dict[str, Reporter] = {"text": as_text, "json": as_json, "github": as_github}
