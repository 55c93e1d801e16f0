"""Where `gongkai` starts: Chinese first, then the commands.

Click asks `gettext` for each sentence it prints and ships no catalogue. It binds `gettext`'s functions when it is
imported, so they are replaced before that.
"""

import atexit
import gettext
import os
import signal
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import NoReturn

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "Usage:": "用法：",
        "Options": "选项",
        "Commands": "命令",
        "default: {default}": "默认：{default}",
        "required": "必填",
        "Show this message and exit.": "显示这段说明。",
        "Show the version and exit.": "显示版本。",
        "Try '{command} {option}' for help.": "运行“{command} {option}”看说明。",
        "Error: {message}": "错误：{message}",
        "Error: {e.message}": "错误：{e.message}",
        "Error: The value you entered was invalid.": "错误：这个值不对。",
        "Error: invalid input": "错误：请输入 y（是）或 n（否）",
        "{editor}: Editing failed": "{editor}：编辑器没有正常结束",
        "{editor}: Editing failed: {e}": "{editor}：编辑器打不开：{e}",
        "Aborted!": "已中止。",
        "Missing command.": "缺少命令。",
        "Missing argument": "缺少参数",
        "Missing option": "缺少选项",
        "Missing parameter": "缺少参数",
        "No such command {name!r}.": "没有 {name!r} 这个命令。",
        "No such option: {name}": "没有 {name} 这个选项。",
        "Did you mean {possibility}?": "是不是 {possibility}？",
        "(Possible options: {possibilities})": "（可能是：{possibilities}）",
        "Invalid value: {message}": "值不对：{message}",
        "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
        "Option {name!r} does not take a value.": "选项 {name!r} 后面不要写值。",
        "Option {name!r} requires an argument.": "选项 {name!r} 后面要写值。",
        "Got unexpected extra argument ({args})": "多出了参数（{args}）",
        "Got unexpected extra arguments ({args})": "多出了参数（{args}）",
        "{value!r} is not {choice}.": "{value!r} 应为 {choice}。",
        "{value!r} is not one of {choices}.": "{value!r} 应为 {choices} 之一。",
        "{value!r} is not a valid {number_type}.": "{value!r} 应为数字。",
        "{value} is not in the range {range}.": "{value} 超出范围（{range}）。",
        "{name} {filename!r} does not exist.": "{name} {filename!r} 不存在。",
        "{name} {filename!r} is a file.": "{name} {filename!r} 是文件，应为文件夹。",
        "{name} {filename!r} is a directory.": "{name} {filename!r} 是文件夹，应为文件。",
        "{name} {filename!r} is not readable.": "{name} {filename!r} 没有读取权限。",
        "file": "文件",
        "File": "文件",
        "directory": "文件夹",
        "Directory": "文件夹",
        "path": "路径",
        "Path": "路径",
    }
)


def main() -> None:
    """Run the command named on the command line; console streams become UTF-8 whatever the locale."""
    speak_chinese()
    from gongkai.commands.cli import cli

    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a stopped build cleans up behind itself
    try:
        cli(prog_name="gongkai")
    except SystemExit as ended:
        if isinstance(ended.code, str):
            raise
        _leave(ended.code or 0)


def _leave(code: int) -> NoReturn:
    """End without taking a hundred thousand records apart one by one: a tenth of the time of a small change."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = code or 1
    atexit._run_exitfuncs()  # workers' semaphores and temporary files are given back there, and os._exit would pass it by
    os._exit(code)


def speak_chinese() -> None:
    """Let what is imported from now on find Chinese sentences in `gettext`; unknown ones stay as they are."""

    def one(message: str) -> str:
        return _WORDS.get(message, message)

    def one_or_many(msgid1: str, msgid2: str, n: int) -> str:
        return one(msgid1 if n == 1 else msgid2)

    gettext.gettext = one
    gettext.ngettext = one_or_many
