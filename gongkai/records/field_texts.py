"""The words in a record's fields, as checks of language and privacy read them."""

from collections.abc import Mapping

from gongkai.records.record import Record

_PLAIN = (
    "title",
    "category",
    "document_number",
    "department",
    "audience",
    "source",
    "description",
    "subject",
    "genre",
    "publisher",
)


def field_texts(record: Record) -> Mapping[str, str]:
    """By key, each field of `record` in which a clerk wrote words of his own; several of one field on lines."""
    texts = {key: str(getattr(record, key)) for key in _PLAIN}
    texts["index"] = record.index.text
    texts["keywords"] = "\n".join(record.keywords)
    texts["changes"] = "\n".join(change.note for change in record.changes)
    texts["attachments"] = "\n".join(
        name for attachment in record.attachments for name in (attachment.title, attachment.file) if name
    )
    texts["status"] = record.status.reason
    texts["withdrawn"] = record.withdrawn.reason if record.withdrawn else ""
    return {key: text for key, text in texts.items() if text}
