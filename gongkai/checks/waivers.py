"""What of the findings counts: not what a document's waivers answer for, nor what the settings keep silent about.

Nothing is lost by it: a waived finding is listed with who allowed it, and of the silenced ones it is told how many
there were of which code.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from gongkai.checks.protocol import Outcome, OutcomeRule, Reported, Waived
from gongkai.checks.texts import masked
from gongkai.records.findings import Finding
from gongkai.records.record import Waiver


@dataclass(frozen=True, slots=True)
class Sorted:
    """`findings` count; `silenced` has how many there were of each code."""

    findings: tuple[Reported, ...]
    waived: tuple[Waived, ...] = ()
    silenced: Mapping[str, int] = field(default_factory=dict)

    def and_also(self, other: "Sorted") -> "Sorted":
        """Both as one."""
        return Sorted(
            tuple(sorted((*self.findings, *other.findings))),
            tuple(sorted((*self.waived, *other.waived), key=lambda one: one.finding)),
            dict(Counter(self.silenced) + Counter(other.silenced)),
        )


def sort_out(
    findings: Iterable[Reported], waivers: Mapping[str, tuple[Waiver, ...]], silence: Mapping[str, str]
) -> Sorted:
    """`findings` in their order, parted; `waivers` are those of documents, by the path that findings name them by."""
    counted: list[Reported] = []
    waived: list[Waived] = []
    silenced = Counter[str]()
    for finding in sorted(findings):
        waiver = next((one for one in waivers.get(finding.path, ()) if covers(one, finding)), None)
        if waiver:
            waived.append(Waived(finding, waiver))
        elif finding.code in silence:
            silenced[finding.code] += 1
        else:
            counted.append(finding)
    return Sorted(tuple(counted), tuple(waived), dict(silenced))


def covers(waiver: Waiver, finding: Reported) -> bool:
    """Whether `waiver` answers for `finding`: of its code, and naming its place where it names one.

    Messages hide the middle of a number, so a number may be named as it stands or as the message shows it.
    """
    if waiver.code != finding.code or not finding.kind.is_waivable:
        return False
    return not waiver.where or waiver.where in finding.message or masked(waiver.where) in finding.message


def _unused(outcome: Outcome) -> Iterator[Finding]:
    """A finding for each waiver that answers for nothing."""
    used = {(one.finding.path, one.waiver) for one in outcome.waived}
    for one in outcome.whole.decided:
        for waiver in one.document.record.waivers:
            if (outcome.whole.shown(one.document.path), waiver) not in used:
                place = f"（内容“{waiver.where}”）" if waiver.where else ""
                message = f"没有要豁免的“{waiver.code}”{place}。问题已经没有了，或内容写得不对；请删去或改正这一条"
                yield Finding(one.document.path, "waivers", "waiver-unused", message)


RULES: Final = (OutcomeRule("waiver-unused", "warning", "metadata", "豁免没有用到", "", _unused, thorough=True),)
