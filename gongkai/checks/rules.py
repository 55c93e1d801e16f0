"""Every rule there is: the one registry, and what codes and families are called."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from gongkai.checks import (
    attached_files,
    damage,
    fields,
    figures,
    links,
    permanence,
    privacy,
    secrecy,
    structure,
    survey,
    waivers,
)
from gongkai.checks.protocol import F, Kind, Rule, S
from gongkai.records.vocabulary import nearest

#: What families are called.
FAMILIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "form": "字段写法",
        "metadata": "字段内容",
        "disclosure": "公开与否",
        "permanence": "公开后不变",
        "privacy": "个人信息",
        "secrecy": "保密",
        "text": "文字",
        "links": "链接",
        "attachments": "附件",
        "structure": "结构",
        "freshness": "更新",
    }
)
RULES: Final[tuple[Kind, ...]] = (
    *fields.RULES,
    *permanence.RULES,
    *privacy.RULES,
    *secrecy.RULES,
    *damage.RULES,
    *figures.RULES,
    *links.RULES,
    *attached_files.RULES,
    *structure.RULES,
    *survey.RULES,
    *waivers.RULES,
)


def by_code(rules: Iterable[Kind]) -> Mapping[str, Kind]:
    """`rules` by their codes; raises ValueError for a code that two of them have."""
    found: dict[str, Kind] = {}
    for rule in rules:
        if rule.code in found:
            raise ValueError(f"two rules have the code {rule.code}")
        found[rule.code] = rule
    return MappingProxyType(found)


CODES: Final = by_code(RULES)


@cache
def _functions(kind: type[Rule[S, F]], *, is_thorough: bool) -> Mapping[Callable[[S], Iterable[F]], frozenset[str]]:
    """The functions of the rules of one class, each with the codes that it may find."""
    rules = [rule for rule in RULES if isinstance(rule, kind) and (is_thorough or not rule.thorough)]
    return {rule.look: frozenset(other.code for other in rules if other.look is rule.look) for rule in rules}


def found(kind: type[Rule[S, F]], subject: S, *, is_thorough: bool) -> Iterator[F]:
    """What all rules of one class find in `subject`; those that are thorough only where that is asked."""
    for look, codes in _functions(kind, is_thorough=is_thorough).items():  # type: ignore[arg-type]  # a class is hashable
        for one in look(subject):
            assert one.code in codes, f"{look.__qualname__} found {one.code}, which no rule of it declares"
            yield one


def why_not_silenced(code: str) -> str:
    """Why a site's settings may not keep silent about findings of `code`, "" where they may."""
    kind = CODES.get(code)
    if kind is None:
        near = nearest(code, list(CODES))
        hint = f"是不是“{near}”？" if near else "代码写在检查结果的方括号里"
        return f"没有“{code}”这种检查结果。{hint}"
    if not kind.can_be_silenced:
        return f"“{code}”（{kind.name}）不能略去：错误，以及涉及公开、保密和个人信息的，总要列出。请删去"
    return ""
