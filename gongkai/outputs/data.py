"""The catalogue as open data: `/data/catalogue.json`, and a JSON and a CSV file for each year of publication.

Columns are the front matter's English keys, then `url` and `sha256` (of the source file). The CSV begins with a byte
order mark: without one, spreadsheet programs read Chinese as rubbish.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence

from pydantic import TypeAdapter

from gongkai.catalogue.order import PublicDocument
from gongkai.outputs import OutputFile
from gongkai.records.record import Attachment, Change, Waiver, Withdrawal
from gongkai.records.vocabulary import FIELDS

#: Never public (`records.disclosure.public_part`), so not even an empty column.
_INTERNAL = ("reviewed_by", "waivers")
KEYS: tuple[str, ...] = (*(field.key for field in FIELDS if field.key not in _INTERNAL), "url", "sha256")
_INNER = TypeAdapter(tuple[Attachment | Change | Waiver, ...] | Withdrawal)

Value = str | int | list[object] | dict[str, object] | None


def year_files(year: int, documents: Iterable[PublicDocument]) -> tuple[OutputFile, OutputFile]:
    """The two files of a year of publication."""
    rows = [row(public) for public in documents]
    return OutputFile(f"data/{year}.json", _json(rows)), OutputFile(f"data/{year}.csv", _csv(rows))


def catalogue_file(years: Iterable[tuple[int, int, Sequence[str]]]) -> OutputFile:
    """`/data/catalogue.json` of (year, documents, SHA-256 of its JSON and its CSV file), newest year first."""
    listed: list[object] = []
    total = 0
    for year, count, sums in years:
        names = (f"{year}.json", f"{year}.csv")
        files = [{"name": name, "sha256": sha256} for name, sha256 in zip(names, sums, strict=True)]
        listed.append({"year": year, "count": count, "files": files})
        total += count
    return OutputFile("data/catalogue.json", (_compact({"count": total, "years": listed}) + "\n").encode())


def row(public: PublicDocument) -> dict[str, Value]:
    """A document's row."""
    record = public.record
    values: dict[str, Value] = {
        **{field.key: "" for field in FIELDS},
        **{key: _value(getattr(record, key)) for key in type(record).model_fields},
        "url": public.url,
        "sha256": public.document.sha256,
    }
    return {key: values[key] for key in KEYS}


def _value(value: object) -> Value:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, tuple):
        return [item if isinstance(item, str) else _INNER.dump_python((item,), mode="json")[0] for item in value]
    if isinstance(value, Withdrawal):
        return {"date": value.date.isoformat(), "reason": value.reason}
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat()) if isoformat else str(value)


def _json(rows: Iterable[object]) -> bytes:
    """A row a line: a new document adds one and changes no other."""
    return ("[" + ",\n".join(_compact(row) for row in rows) + "]\n").encode()


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _csv(rows: Iterable[dict[str, Value]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, KEYS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: _without_formula(_cell(value)) for key, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _without_formula(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula (OWASP, CSV injection): with an apostrophe before it."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "、".join(str(item) for item in value)
    return str(value) if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
