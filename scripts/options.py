"""Options that several commands share, and how they end."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click

config_option = click.option(
    "-f",
    "--config-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="站点设置文件，默认是本文件夹或上级文件夹里的 mkdocs.yml。",
)
docs_option = click.option(
    "--docs-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="存放文件的文件夹，默认按 mkdocs.yml（docs）。",
)


def stop(message: str, code: int) -> NoReturn:
    """End the command with `message` on stderr."""
    click.echo(message, err=True)
    sys.exit(code)


def say(lines: Iterable[object]) -> None:
    """Problems, a line each, on stderr."""
    for line in lines:
        click.echo(str(line), err=True)
