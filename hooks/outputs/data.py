"""The catalogue as open data: `/data/catalogue.json`, and a JSON and a CSV file for each year of publication.

Columns are the front matter's English keys, then `url` and `sha256` (of the source file). The CSV begins with a byte
order mark: without one, spreadsheet programs read Chinese as rubbish.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator

from pydantic import TypeAdapter

from hooks.catalogue.order import PublicDocument, grouped
from hooks.outputs.files import OutputFile
from hooks.records.record import Attachment, Change, Withdrawal
from hooks.records.vocabulary import FIELDS

#: Who reviewed a document before its disclosure is the bureau's own business.
_INTERNAL = ("reviewed_by",)
KEYS: tuple[str, ...] = (*(field.key for field in FIELDS if field.key not in _INTERNAL), "url", "sha256")
_INNER = TypeAdapter(tuple[Attachment | Change, ...] | Withdrawal)

Value = str | int | list[object] | dict[str, object] | None


def data_files(documents: tuple[PublicDocument, ...], *, hidden: frozenset[str]) -> Iterator[OutputFile]:
    """The year files, newest year first, and the catalogue that names them with their SHA-256.

    `hidden` are the index numbers that no output may name.
    """
    years = []
    for year, members in grouped(documents, lambda d: str(d.year)).items():
        rows = [row(public, hidden=hidden) for public in members]
        files = (OutputFile(f"data/{year}.json", _json(rows)), OutputFile(f"data/{year}.csv", _csv(rows)))
        yield from files
        names = [
            {"name": f.path.removeprefix("data/"), "sha256": hashlib.sha256(f.data).hexdigest()}
            for f in files
        ]
        years.append({"year": int(year), "count": len(rows), "files": names})
    yield OutputFile("data/catalogue.json", _json({"count": len(documents), "years": years}))


def row(public: PublicDocument, *, hidden: frozenset[str]) -> dict[str, Value]:
    """A document's row; where its body is not public, what tells of the body is left blank."""
    record = public.record
    values: dict[str, Value] = {
        **{field.key: "" for field in FIELDS},
        **{key: _plain(getattr(record, key)) for key in type(record).model_fields},
        "url": public.url,
        "sha256": public.document.sha256,
    }
    values["replaces"] = [number for number in record.replaces if number not in hidden]
    values["replaced_by"] = "" if record.replaced_by in hidden else record.replaced_by
    if not public.has_body:
        values |= {"attachments": [], "description": "", "keywords": []}
    return {key: values[key] for key in KEYS}


def _plain(value: object) -> Value:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, tuple):
        return [
            item if isinstance(item, str) else _INNER.dump_python((item,), mode="json")[0] for item in value
        ]
    if isinstance(value, Withdrawal):
        return {"date": value.date.isoformat(), "reason": value.reason}
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat()) if isoformat else str(value)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(rows: Iterable[dict[str, Value]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, KEYS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: _harmless(_cell(value)) for key, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula (OWASP, CSV injection): with an apostrophe before it."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "、".join(str(item) for item in value)
    return str(value) if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
