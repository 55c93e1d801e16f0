"""How much a sweep tries: a little that is the same at every run, or with `scripts/test --long` all of it at random."""

import os

from hypothesis import settings

IS_LONG = bool(os.environ.get("GONGKAI_LONG"))
#: Without browser, web server, office suite and Node.
IS_QUICK = bool(os.environ.get("GONGKAI_QUICK"))


def budget(ordinary: int, long: int) -> int:
    """The number of cases that a sweep tries in this run."""
    return long if IS_LONG else ordinary


def choose_profile() -> None:
    """Let Hypothesis try the same thirty examples at every ordinary run; no limit of time, as a machine may be busy."""
    settings.register_profile("ordinary", max_examples=30, derandomize=True, deadline=None, database=None)
    settings.register_profile("long", max_examples=100, deadline=None, print_blob=True)
    settings.load_profile("long" if IS_LONG else "ordinary")
