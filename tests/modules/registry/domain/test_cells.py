from datetime import date

import pytest

from thongsuot.modules.registry.domain.cells import code_of, day_of, gender_of, yes_of

NAMES = {"01": "Kinh (Việt)", "05": "Khơ-me"}


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (day_of, "8/3/2015", date(2015, 3, 8)),
        (day_of, "08-03-2015", date(2015, 3, 8)),
        (day_of, "2015-03-08", date(2015, 3, 8)),
        (day_of, " ", None),
        (gender_of, "NỮ", "female"),
        (gender_of, "nam", "male"),
        (gender_of, "", ""),
        (yes_of, "x", True),
        (yes_of, "Không", False),
    ],
)
def test_what_people_write(read, text, value):
    assert read(text) == value


def test_codes_by_code_or_name():
    assert [code_of(text, NAMES) for text in ("01", "kinh", "KINH (VIỆT)", "khơ-me", "")] == [
        "01",
        "01",
        "01",
        "05",
        "",
    ]


@pytest.mark.parametrize(
    ("read", "text"), [(day_of, "31/02/2015"), (day_of, "hôm qua"), (gender_of, "?"), (yes_of, "có lẽ")]
)
def test_what_is_not_guessed(read, text):
    with pytest.raises(ValueError):
        read(text)


def test_an_unknown_people():
    with pytest.raises(ValueError):
        code_of("Sao Hỏa", NAMES)
