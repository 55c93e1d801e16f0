"""Questions at the terminal; where standard input is none, a missing answer ends the command."""

import sys
from collections.abc import Mapping, Sequence

import click

from gongkai.commands.options import stop


def is_attended() -> bool:
    return sys.stdin.isatty()


def asked(what: str, option: str, given: str | None, hint: str = "") -> str:
    """What was given, else the answer; ends the command where nobody can answer."""
    if given and given.strip():
        return given.strip()
    if not is_attended():
        stop(f"缺少 {option}" + (f"。{hint}" if hint else ""), 2)
    answer: str = click.prompt(what)
    return answer.strip()


def chosen(what: str, choices: Sequence[tuple[str, str]], also: Mapping[str, str], *, none: str = "") -> str:
    """The key of one of `choices` (key, name), by its place in the printed list, its name or its key.

    `also` has further names; where there is a word for `none`, 0 or nothing typed is "". Asked until it is one.
    """
    for place, name in enumerate([none, *(name for _, name in choices)]):
        if name:
            click.echo(f"  {place}. {name}")
    known = {key: key for key, _ in choices} | {name: key for key, name in choices} | dict(also)
    known |= {str(place): key for place, (key, _) in enumerate(choices, start=1)}
    known |= {"0": ""} if none else {}

    def read(answer: str) -> str:
        if answer.strip() not in known:
            low = 0 if none else 1
            raise click.UsageError(f"应为 {low} 到 {len(choices)} 的数字或名称，实为“{answer.strip()}”")
        return known[answer.strip()]

    key: str = click.prompt(what, value_proc=read, default="0" if none else None, show_default=False)
    return key
