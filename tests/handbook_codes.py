"""What the handbook's page of findings says of each code by the registry of rules; `python -m tests.handbook_codes` renews it.

A section's heading names the code and what it is called; the line below says its family and the source of the rule.
What it means and what to do about it is written by hand.
"""

import re
from pathlib import Path

from gongkai.checks.protocol import Kind
from gongkai.checks.rules import CODES, FAMILIES

PAGE = Path(__file__).parents[1] / "docs" / "handbook" / "findings.md"
_SECTION = re.compile(r"^### (?P<code>[a-z-]+) .*\n\n(?:类别：.*\n\n)?", re.MULTILINE)


def opening(kind: Kind) -> str:
    """How the section of a code begins."""
    source = f"依据：{kind.why}。" if kind.why else ""
    return f"### {kind.code} {kind.name}\n\n类别：{FAMILIES[kind.family]}（`{kind.family}`）。{source}\n\n"


def renewed(page: str) -> str:
    """The page with the opening of every section as the registry has it; sections of no code stay."""
    return _SECTION.sub(lambda found: opening(CODES[found["code"]]) if found["code"] in CODES else found[0], page)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), "utf-8")
