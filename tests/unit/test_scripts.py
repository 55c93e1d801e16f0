"""Scripts for readers have what they import in them, and nothing that only engineers read."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from gongkai.outputs.scripts import scripts


def joined(folder: Path, modules: Mapping[str, str]) -> dict[str, str]:
    for name, code in modules.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(code, "utf-8")
    return {file.path: file.data.decode() for file in scripts(folder)}


def test_a_module_that_another_imports_is_folded_into_it(tmp_path: Path) -> None:
    made = joined(
        tmp_path,
        {
            "a/page.mjs": 'import { two as other } from "./two.mjs";\nother();\n',
            "a/two.mjs": "export const one = 1;\nexport function two() {\n  return one;\n}\n",
        },
    )

    assert made == {
        "assets/js/a/page.mjs": "const $$0=(()=>{\nconst one=1;\nfunction two(){\nreturn one;\n}\n"
        "return{one,two};\n})();\nconst{two:other}=$$0;\nother();\n"
    }


def test_a_module_needed_by_two_stands_before_both_and_once(tmp_path: Path) -> None:
    made = joined(
        tmp_path,
        {
            "page.mjs": 'import { b } from "./b.mjs";\nimport { c } from "./c.mjs";\nb(c);\n',
            "b.mjs": 'import { d } from "./d.mjs";\nexport const b = d;\n',
            "c.mjs": 'import { d } from "./d.mjs";\nexport const c = d;\n',
            "d.mjs": "export const d = 4;\n",
        },
    )

    assert list(made) == ["assets/js/page.mjs"]
    assert made["assets/js/page.mjs"].count("const d=4;") == 1
    assert made["assets/js/page.mjs"].startswith("const $$0=(()=>{\nconst d=4;")


def test_a_module_imported_when_needed_is_a_script_of_its_own(tmp_path: Path) -> None:
    made = joined(
        tmp_path,
        {"page.mjs": 'const { x } = await import("./later.mjs");\n', "later.mjs": "export const x = 1;\n"},
    )

    assert made["assets/js/later.mjs"] == "export const x=1;\n"
    assert made["assets/js/page.mjs"] == 'const{x}=await import("./later.mjs");\n'


def test_comments_types_and_indentation_are_left_out(tmp_path: Path) -> None:
    code = (
        "// @ts-check\n/**\n * @param {string} x\n */\nfunction f(/** @type {number} */ x) {\n"
        '  // why\n  return "// no comment" + x;\n}\n'
    )

    assert joined(tmp_path, {"page.mjs": code})["assets/js/page.mjs"] == (
        'function f(x){\nreturn "// no comment" + x;\n}\n'
    )


@pytest.mark.parametrize(
    "line",
    [
        'x = "a = b , c";',
        "x = 'a ? b : c';",
        "x = `${a + b} = c ; d`;",
        r"x = /[ /] = (a|b) , c/gu;",
        "f(/ a , b /);",
        "x = a + +b - -c;",
        "x = a / b / c;",
    ],
)
def test_literals_and_sums_mean_what_they_meant(tmp_path: Path, line: str) -> None:
    written = joined(tmp_path, {"page.mjs": f"{line}\n"})["assets/js/page.mjs"]

    assert written == line.replace("x = ", "x=").replace("f(/ a", "f(/ a") + "\n"


@pytest.mark.parametrize(
    ("modules", "why"),
    [
        ({"a.mjs": 'import { b } from "./b.mjs";\n', "b.mjs": 'import { a } from "./a.mjs";\n', "c.mjs": 'import { a } from "./a.mjs";\n'}, "imports itself"),
        ({"a.mjs": 'import { b } from "./b.mjs";\n'}, "not there"),
        ({"a.mjs": "const x = `\n  a`;\n"}, "several lines"),
        ({"a.mjs": 'import { b } from "./in/b.mjs";\n', "in/b.mjs": "export const b = import.meta.url;\n"}, "where it lies"),
    ],
)  # fmt: skip
def test_what_cannot_be_folded_is_refused(tmp_path: Path, modules: dict[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        joined(tmp_path, modules)
