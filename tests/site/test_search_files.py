"""What a site's search is made of: the public's pages and attachments, and the bureau's own list of words."""

import gzip
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from gongkai.engine.build import Request, build_site
from gongkai.engine.edition import BuildFailedError
from tests.site.conftest import Publish, snapshot
from tests.writing import markdown

ROOT = Path(__file__).parents[2]


def paper(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def index_text(site: Path) -> str:
    """All bytes of the index, unpacked, as text."""
    files = {name: data for name, data in snapshot(site).items() if name.startswith("search/index/")}
    return "\n".join(gzip.decompress(data).decode("utf-8", "replace") for data in files.values())


def attached(site: Path) -> list[str]:
    return sorted(name for name in snapshot(site) if name.startswith("search/index/files/"))


def test_an_attachment_is_found_with_its_document_and_leaves_with_it(publish: Publish) -> None:
    files = {"plans/a.md": markdown(附件="a.docx", 信息索取号="a/1"), "plans/a.docx": paper("牵头的水产站")}
    site = publish(files)
    assert "牵头的水产站" in index_text(site)

    publish({"plans/a.md": markdown(信息索取号="a/1")})

    assert attached(site) == []
    assert "牵头" not in index_text(site)


@pytest.mark.parametrize(
    "fields",
    [
        {"公开方式": "依申请公开", "公开范围": "面向申请人"},
        {"公开方式": "不予公开"},
        {"公开范围": "面向本机关"},
        {"发布时间": "2099-01-15 09:30:00"},
        {"公开时限": "限时公开至2025-12-31"},
        {"撤回": "{日期: 2025-02-01, 原因: 错发}"},
    ],
    ids=["on request", "withheld", "internal", "embargoed", "ended", "withdrawn"],
)
def test_an_attachment_of_what_is_not_public_leaves_no_trace(publish: Publish, fields: dict[str, str]) -> None:
    hidden = markdown(附件="a.docx", 信息索取号="a/1", **fields)
    site = publish(
        {"plans/a.md": hidden, "plans/a.docx": paper("牵头的水产站"), "plans/b.md": markdown(信息索取号="a/2")}
    )

    assert attached(site) == []
    assert "牵头" not in index_text(site)
    assert "水产" not in index_text(site)


def test_an_attachment_is_read_again_only_when_it_changes(tmp_path: Path, publish: Publish) -> None:
    site = publish({"plans/a.md": markdown(附件="a.docx", 信息索取号="a/1"), "plans/a.docx": paper("甲乙丙丁")})
    before = attached(site)
    publish({"plans/a.md": markdown("正文改过。", 附件="a.docx", 信息索取号="a/1")})
    assert attached(site) == before

    publish({"plans/a.docx": paper("戊己庚辛")})

    assert len(attached(site)) == 1
    assert attached(site) != before
    assert "戊己" in index_text(site)


def request_in(folder: Path) -> Request:
    shutil.copytree(ROOT / "overrides", folder / "overrides")
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    (folder / "mkdocs.yml").write_text(text.replace("hooks/events.py", str(ROOT / "hooks/events.py")), "utf-8")
    (folder / "docs" / "plans").mkdir(parents=True)
    (folder / "docs" / "plans" / "a.md").write_text(markdown(信息索取号="a/1"), "utf-8")
    request = Request(folder / "mkdocs.yml", docs_dir=folder / "docs", site_dir=folder / "site", jobs=1)
    return replace(request, now="2026-01-31T09:00")


def test_a_changed_list_of_words_reaches_readers_and_makes_no_document_again(tmp_path: Path) -> None:
    request = request_in(tmp_path)
    build_site(request)
    (tmp_path / "synonyms.yml").write_text("- [高企, 高新技术企业]\n", "utf-8")

    outcome = build_site(request)

    head = gzip.decompress((tmp_path / "site/search/index/start.bin").read_bytes()).partition(b"\n")[0]
    assert json.loads(head)["synonyms"] == [["高企", "高新技术企业"]]
    assert dict(outcome.report.reasons) == {"frame": "template"}


def test_a_mistake_in_the_list_of_words_stops_the_build(tmp_path: Path) -> None:
    request = request_in(tmp_path)
    (tmp_path / "synonyms.yml").write_text("- [高企]\n", "utf-8")

    with pytest.raises(BuildFailedError, match=r"synonyms\.yml:1: 一组应有两个以上"):
        build_site(request)
