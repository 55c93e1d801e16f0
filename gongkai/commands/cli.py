"""`gongkai`: the commands of staff and of administrators.

Answers 0 (good), 1 (findings in content) or 2 (wrong use or set-up); results on stdout, problems on stderr. Command
modules import their libraries when they run, so that `--help` answers at once.
"""

import click

from gongkai.commands.build import build
from gongkai.commands.check import check
from gongkai.commands.import_page import import_page
from gongkai.commands.init import init
from gongkai.commands.new import new
from gongkai.commands.number import number
from gongkai.commands.receive import receive
from gongkai.commands.register import register
from gongkai.commands.release import release
from gongkai.commands.report import report
from gongkai.commands.schema import schema
from gongkai.commands.serve import serve
from gongkai.commands.withdraw import withdraw


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="[选项]",
    subcommand_metavar="命令 [参数]...",
)
@click.version_option(package_name="gongkai", message="公开（gongkai）%(version)s")
def cli() -> None:
    """公开：政府信息公开静态发布系统。"""


COMMANDS = (
    *(init, new, import_page, check, report, register, withdraw, number, build, serve),
    *(receive, release, schema),
)
for command in COMMANDS:
    cli.add_command(command)
