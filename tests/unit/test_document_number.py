import pytest

from gongkai.records.document_number import standard_form


@pytest.mark.parametrize(
    "written",
    [
        "九科字〔2018〕12号",
        "九科字[2018]12号",
        "九科字(2018)12号",
        "九科字﹝2018﹞12号",
        "九科字（２０１８）第012号",
        " 九科字【2018年】12号",
    ],
)
def test_one_number_has_one_standard_form(written: str) -> None:
    assert standard_form(written) == "九科字〔2018〕12号"


@pytest.mark.parametrize(
    "written", ["九科字2018 12", "12号", "九科字〔18〕12号", "九科字〔2018〕号", "", "九科字〔2018〕0号"]
)
def test_what_is_no_such_number_has_none(written: str) -> None:
    assert standard_form(written) is None
