"""The site's facts: `extra.disclosure` of mkdocs.yml, validated once.

An unknown or missing key is an error that names the key and the nearest valid one; all of them at once.
"""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from gongkai.records.numbering import is_organisation_code
from gongkai.records.vocabulary import nearest

#: First segments of addresses that the generator itself uses.
RESERVED = frozenset(
    (
        "years",
        "departments",
        "catalogue",
        "search",
        "id",
        "data",
        "feeds",
        "sitemaps",
        "assets",
        "handbook",
        "page",
        "previews",
    )
)


class SettingsError(ValueError):
    """Settings that cannot be used; `str()` lists every problem, a line each."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


def _code(value: str) -> str:
    if not is_organisation_code(value):
        raise ValueError("应为组织机构代码（9 位，GB 11714）或统一社会信用代码（18 位，GB 32100），校验位不符")
    return value


def _key(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", value):
        raise ValueError("应为小写英文字母、数字和连字符，它会用在网址里")
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("应为时区名，如 Asia/Shanghai")
    return value


#: Why findings of a code may not be kept silent about, for staff; "" where they may.
WhyNot = Callable[[str], str]


def _silenceable(code: str, info: ValidationInfo) -> str:
    not_silenced: object = info.context
    if callable(not_silenced) and (message := str(not_silenced(code))):
        raise PydanticCustomError(_TOLD, "{message}", {"message": message})
    return code


def _host(value: str) -> str:
    host = value.strip().lower()
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", host):
        raise ValueError("应为域名，如 www.example.cn，不带 https:// 和路径")
    return host


#: The type of a refusal whose message is whole.
_TOLD = "told"
_A_YEAR, _TWO_YEARS = 366, 731
Name = Annotated[str, Field(min_length=1)]
Key = Annotated[str, AfterValidator(_key)]


class Organisation(_Settings):
    name: Name
    code: Annotated[str, AfterValidator(_code)]


class Contact(_Settings):
    address: str = ""
    postcode: str = ""
    telephone: str = ""
    email: str = ""
    hours: str = ""


class Website(_Settings):
    """What 国办发〔2017〕47号 wants in each page's head and footer; `error_report` is the 政府网站找错 address."""

    name: str = ""
    domain: Name
    id_code: Annotated[str, Field(pattern=r"^(\d{10}|bm\d{8})$")]
    icp: str = ""
    police: str = ""
    host: str = ""
    error_report: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    contact: Contact = Contact()


class Column(_Settings):
    """A column (栏目): `type` is the ColumnType meta tag, `freshness` the days after which it counts as stale."""

    key: Key
    name: Name
    type: Name
    freshness: Annotated[int, Field(gt=0)]
    description: str = ""
    keywords: str = ""


class Department(_Settings):
    key: Key
    name: Name


class Checks(_Settings):
    """What the bureau has to say about its checks; pictures are measured in kilobytes and pixels of their longer side.

    `silence` has a reason for each code, `banned_words` what to write instead ("" for nothing), `series` the columns
    with a document each year (None: those whose freshness is a year or more).
    """

    silence: Mapping[Annotated[str, AfterValidator(_silenceable)], Name] = Field(default_factory=dict)
    banned_words: Mapping[Name, str] = Field(default_factory=dict)
    allowed_hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    working_days: Annotated[int, Field(gt=0)] = 20
    image_kilobytes: Annotated[int, Field(gt=0)] = 1024
    image_pixels: Annotated[int, Field(gt=0)] = 4000
    series: tuple[Key, ...] | None = None


class Site(_Settings):
    """Everything under `extra.disclosure`."""

    organisation: Organisation
    site: Website
    columns: tuple[Column, ...]
    departments: tuple[Department, ...] = ()
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    checks: Checks = Checks()

    @model_validator(mode="after")
    def _known_series(self) -> "Site":
        strange = sorted(set(self.checks.series or ()) - set(self.column_by_key))
        if strange:
            raise PydanticCustomError(
                _TOLD, f"checks.series 里的“{'、'.join(strange)}”不是栏目的 key。请照 columns 改正"
            )
        return self

    @field_validator("columns", "departments")
    @classmethod
    def _distinct(cls, items: tuple[Column | Department, ...]) -> tuple[Column | Department, ...]:
        for attribute in ("key", "name"):
            seen = [getattr(item, attribute) for item in items]
            twice = sorted({word for word in seen if seen.count(word) > 1})
            if twice:
                raise ValueError(f"重复：{'、'.join(twice)}")
        return items

    @field_validator("columns")
    @classmethod
    def _free(cls, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        if not columns:
            raise ValueError("至少要有一个栏目")
        taken = sorted(column.key for column in columns if column.key in RESERVED)
        if taken:
            raise ValueError(f"栏目的 key 不能用系统保留的名称：{'、'.join(taken)}")
        return columns

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def column_by_key(self) -> Mapping[str, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def series(self) -> frozenset[str]:
        """The keys of columns that have a document each year."""
        if self.checks.series is not None:
            return frozenset(self.checks.series)
        return frozenset(column.key for column in self.columns if _A_YEAR <= column.freshness < _TWO_YEARS)

    @cached_property
    def department_by_name(self) -> Mapping[str, Department]:
        return {department.name: department for department in self.departments}


def read_site(settings: object, *, file: str = "mkdocs.yml", not_silenced: WhyNot | None = None) -> Site:
    """The site described by `extra.disclosure` of `file`; raises SettingsError naming each wrong key.

    `not_silenced` knows which codes there are; without it those of `checks.silence` are believed.
    """
    if not isinstance(settings, dict):
        raise SettingsError(f"{file}: extra.disclosure: 缺少这一段设置。请照 README 补上")
    try:
        return Site.model_validate(settings, context=not_silenced)
    except ValidationError as refused:
        lines = [f"{file}: {_message(problem)}" for problem in refused.errors(include_url=False)]
        raise SettingsError("\n".join(lines)) from None


def _message(problem: ErrorDetails) -> str:
    place = "".join(f".{part + 1}" if isinstance(part, int) else f".{part}" for part in problem["loc"])
    return f"extra.disclosure{place.removesuffix('.[key]')}: {_reason(problem)}"


def _reason(problem: ErrorDetails) -> str:
    if problem["type"] == _TOLD:
        return problem["msg"]
    key = str(problem["loc"][-1])
    if problem["type"] == "extra_forbidden":
        near = nearest(key, _keys_beside(problem["loc"]))
        return f"没有“{key}”这一项。" + (f"是不是“{near}”？" if near else "请删去")
    if problem["type"] == "missing":
        return f"缺少“{key}”这一项。请补上"
    if problem["type"] == "value_error":
        return f"{problem['ctx']['error']}，实为“{problem['input']}”"
    expected = {
        "string_too_short": "不能为空",
        "string_pattern_mismatch": f"应合于 {problem.get('ctx', {}).get('pattern', '')}",
        "greater_than": "应大于 0",
        "int_parsing": "应为整数",
        "tuple_type": "应为清单",
        "model_type": "应为一组设置",
    }.get(problem["type"], "写法不对")
    return f"{expected}，实为“{problem['input']}”"


_MODELS: Mapping[str, type[_Settings]] = {
    "organisation": Organisation,
    "site": Website,
    "contact": Contact,
    "columns": Column,
    "departments": Department,
    "checks": Checks,
}


def _keys_beside(location: tuple[int | str, ...]) -> list[str]:
    parents = [part for part in location[:-1] if isinstance(part, str)]
    model = _MODELS[parents[-1]] if parents else Site
    return list(model.model_fields)
