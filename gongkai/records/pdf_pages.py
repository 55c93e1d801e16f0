"""Reads one pdf and prints its pages as JSON, `[[1, "text"], …]`; a program of its own, run by `attached_text`."""

import json
import logging
import resource
import sys

_BYTES = 1_500 * 1024 * 1024


def main(file: str, most: int) -> None:
    """Print the pages of `file` up to so many characters; any exception ends the program, and that says enough."""
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    logging.disable(logging.CRITICAL)
    from pypdf import PdfReader  # noqa: PLC0415 - within the bound

    pages: list[tuple[int, str]] = []
    said = 0
    for number, page in enumerate(PdfReader(file).pages, 1):
        lines = (" ".join(line.split()) for line in page.extract_text().splitlines())
        text = "\n".join(line for line in lines if line)
        pages.append((number, text))
        said += len(text)
        if said > most:
            break
    sys.stdout.write(json.dumps(pages))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
