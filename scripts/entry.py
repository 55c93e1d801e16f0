"""Where `gongkai` starts: Chinese first, then the commands."""

import signal
import sys

from scripts.chinese import speak_chinese


def main() -> None:
    """Run the command named on the command line; console streams become UTF-8 whatever the locale."""
    speak_chinese()
    from scripts.cli import cli

    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a stopped build cleans up behind itself
    cli(prog_name="gongkai")
