"""Waiting for something to be so, for as long as a busy machine may take."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

#: Seconds: a bound for what never comes, not a measure of how long anything takes.
PATIENCE = 600


def until(found: Callable[[], T]) -> T:
    """What `found` gives as soon as it is true; TimeoutError after ten minutes."""
    end = time.monotonic() + PATIENCE
    while not (result := found()):
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)
    return result
