"""Options that several commands share, and how they end."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from datetime import datetime

    from gongkai.catalogue.archive import Archive
    from gongkai.engine.settings import Settings

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

now_option = click.option("--now", metavar="时刻", help="当作是这一时刻，如 2026-01-31T09:00；默认是现在。")


def settings_at(config_file: Path | None, docs_dir: Path | None, now: str | None) -> "tuple[Settings, datetime]":
    """The settings, and the moment that `now` says; ends the command where either cannot be used."""
    from gongkai.engine.edition import read_now
    from gongkai.engine.settings import find_config, read_settings

    try:
        settings = read_settings(find_config(config_file), docs_dir=docs_dir)
        return settings, read_now(now, settings.site)
    except ValueError as problem:
        stop(str(problem), 2)


def archive_of(settings: "Settings") -> "Archive":
    """Everything under docs/, read or remembered from the command before; ends the command where nobody can read it."""
    from gongkai.catalogue.archive import open_archive
    from gongkai.catalogue.sources import take_inventory
    from gongkai.checks.readers import read_thoroughly
    from gongkai.commands.progress import progress
    from gongkai.memory.pool import PoolError, open_pool
    from gongkai.memory.store import cache_of

    docs_dir, site = settings.docs_dir, settings.site
    try:
        with open_pool(jobs=None, scheduler=None) as pool, progress() as on_progress:
            return open_archive(
                take_inventory(docs_dir),
                site,
                read_thoroughly,
                memory=cache_of(docs_dir),
                pool=pool,
                progress=lambda done, total: on_progress("sources", done, total),
            )
    except PoolError as problem:
        stop(str(problem), 2)


def stop(message: str, code: int) -> NoReturn:
    """End the command with `message` on stderr."""
    click.echo(message, err=True)
    sys.exit(code)


def say(lines: Iterable[object]) -> None:
    """Problems, a line each, on stderr."""
    for line in lines:
        click.echo(str(line), err=True)
