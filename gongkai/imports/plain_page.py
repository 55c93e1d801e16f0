"""Plain text: a flattened page with its field table, else a paper that begins with its title."""

from gongkai.imports.flattened import FIELD_KEYS, NotFlattened, body_of, read_flattened
from gongkai.imports.labels import labelled
from gongkai.imports.lead import day_of, disclosure_of, is_no_title
from gongkai.imports.outline import lines_of, to_markdown
from gongkai.imports.page import Page, UnreadableFileError
from gongkai.imports.word_text import Line
from gongkai.records.front_matter import decode
from gongkai.records.numbering import standard_document_number
from gongkai.records.vocabulary import TABLE


def read_text(data: bytes) -> Page:
    """Raise UnreadableFileError for what is no text, and for a flattened page that is not whole."""
    text, problems = decode(data)
    if text is None:
        raise UnreadableFileError("；".join(problem.message for problem in problems))
    if not text.strip():
        raise UnreadableFileError("文件是空的，没有可以导入的内容")
    try:
        return _flattened(text)
    except NotFlattened as problem:
        if sum(labelled(line)[0] in FIELD_KEYS for line in lines_of(text)) >= 2:
            raise UnreadableFileError(str(problem)) from None
    return _paper(lines_of(text))


def _flattened(text: str) -> Page:
    page = read_flattened(text)
    told = {"title": page.title, "published": page.published, "source": page.source}
    return Page(
        fields={**told, **{key: page.fields.get(key, "") for key in TABLE}},
        body=page.body,
        source=tuple(lines_of(body_of(text))),
        is_by_line=True,
        is_complete=True,
    )


def _paper(lines: list[str]) -> Page:
    filled = [at for at, line in enumerate(lines) if line.strip()]
    first = filled[0]
    title = " ".join(lines[first].split())
    taken = [] if is_no_title(title) else [first]
    number = next((at for at in filled[1:2] if taken and standard_document_number(lines[at].strip())), None)
    taken += [] if number is None else [number]
    rest = ["" if at in taken else line for at, line in enumerate(lines)]
    seen = [Line(line) for line in rest if line.strip()]
    return Page(
        fields={
            "title": title if taken else "",
            "document_number": "" if number is None else lines[number].strip(),
            "created": day_of(seen),
            "disclosure": disclosure_of(seen),
        },
        body=to_markdown("\n".join(rest)),
        source=tuple(rest),
        is_by_line=True,
        may_assume=True,
        is_new=True,
    )
