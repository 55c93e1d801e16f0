"""Where `gongkai` starts: Chinese first, then the commands."""

import atexit
import os
import signal
import sys
from typing import NoReturn

from gongkai.commands.chinese import speak_chinese


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
