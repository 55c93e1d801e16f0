"""What of the findings counts: not what a document's waivers answer for, nor what the settings keep silent about.

Nothing is lost by it: a waived finding is listed with who allowed it, and of the silenced ones it is told how many
there were of which code, and why.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.checks.spots import masked
from gongkai.records.findings import Finding
from gongkai.records.record import Waiver


class Waived(NamedTuple):
    """A finding, and the waiver that answers for it."""

    finding: Finding
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class Settled:
    """`findings` count; `silenced` has how many there were of each code."""

    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...] = ()
    silenced: Mapping[str, int] = field(default_factory=dict)


def settled(
    findings: Iterable[Finding], waivers: Mapping[str, tuple[Waiver, ...]], silence: Mapping[str, str]
) -> Settled:
    """`findings` in their order, parted; `waivers` are those of documents, by the path that findings name them by."""
    counting: list[Finding] = []
    waived: list[Waived] = []
    silenced = Counter[str]()
    for finding in sorted(findings):
        waiver = next((one for one in waivers.get(finding.path, ()) if covers(one, finding)), None)
        if waiver:
            waived.append(Waived(finding, waiver))
        elif finding.code in silence:
            silenced[finding.code] += 1
        else:
            counting.append(finding)
    return Settled(tuple(counting), tuple(waived), dict(silenced))


def together(*parts: Settled) -> Settled:
    """Several as one."""
    silenced = Counter[str]()
    for part in parts:
        silenced.update(part.silenced)
    return Settled(
        tuple(sorted(finding for part in parts for finding in part.findings)),
        tuple(sorted((one for part in parts for one in part.waived), key=lambda one: one.finding)),
        dict(silenced),
    )


def covers(waiver: Waiver, finding: Finding) -> bool:
    """Whether `waiver` answers for `finding`: of its code, and naming its place where it names one.

    Messages hide the middle of a number, so a number may be named as it stands or as the message shows it.
    """
    if waiver.code != finding.code or not finding.kind.is_waivable:
        return False
    return not waiver.where or waiver.where in finding.message or masked(waiver.where) in finding.message


def unused(
    waivers: Mapping[str, tuple[Waiver, ...]], waived: Iterable[Waived], lines: Mapping[str, int]
) -> Iterator[Finding]:
    """A finding for each waiver that answers for nothing; `lines` tells where a document has its waivers."""
    used = {(one.finding.path, one.waiver) for one in waived}
    for path, own in waivers.items():
        for waiver in own:
            if (path, waiver) not in used:
                place = f"（内容“{waiver.where}”）" if waiver.where else ""
                message = (
                    f"没有要豁免的“{waiver.code}”{place}。问题已经没有了，或内容写得不对；请删去或改正这一条"
                )
                yield Finding(path, lines.get(path, 1), "waivers", "waiver-unused", message)
