"""`gongkai`: the commands of staff and of whoever runs the site.

Answers 0 (good), 1 (findings in content) or 2 (wrong use or set-up); results on stdout, problems on stderr. Command
modules import their libraries when they run, so that `--help` answers at once.
"""

import signal
import sys

import click

from scripts.build import build
from scripts.check import check
from scripts.import_page import import_page
from scripts.schema import schema
from scripts.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongkai", message="公开（gongkai）%(version)s")
def cli() -> None:
    """公开：政府信息公开静态发布系统。"""


for command in (import_page, check, build, serve, schema):
    cli.add_command(command)


def main() -> None:
    """Run the command named on the command line; console streams become UTF-8 whatever the locale."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a stopped build cleans up behind itself
    cli(prog_name="gongkai")
