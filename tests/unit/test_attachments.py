import pytest

from gongkai.catalogue.attachments import listed, public_files, resolve
from tests.writing import document


def test_listed_files_and_those_the_body_shows_go_public() -> None:
    body = '![图](images/a.png) [表](<b.xlsx>) [文](2023.md) <img src="c.png"> [外](https://a.example/d.pdf) [附][e]\n\n[e]: e.pdf'
    found = document(body, 附件="[甲.docx]")

    assert public_files(found) == {f"summaries/{n}" for n in ("甲.docx", "images/a.png", "b.xlsx", "c.png", "e.pdf")}


@pytest.mark.parametrize(
    "target", ["/etc/passwd", "https://a.example/x", "mailto:a@b.example", "#top", "", ".hidden", "a/.git/x"]
)
def test_what_does_not_lie_beside_the_document_is_no_file_of_it(target: str) -> None:
    assert resolve(target, "notices") is None


def test_a_percent_encoded_name_is_found() -> None:
    assert resolve("%E7%94%B2.pdf?x#y", "notices") == "notices/甲.pdf"


def test_a_path_above_docs_is_hidden() -> None:
    assert listed(document(附件="[../../x.pdf]")) == (None,)
