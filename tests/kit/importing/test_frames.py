import pytest

from thongsuot.kit.importing.frames import day_shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2015-09-05 00:00:00", "05/09/2015"),
        ("2015-09-05", "05/09/2015"),
        ("2015-09-05 07:30:00", "2015-09-05 07:30:00"),
        ("32/13/2015", "32/13/2015"),
        ("0912345678", "0912345678"),
        (None, None),
    ],
)
def test_a_day_is_shown_as_people_write_it(text, shown):
    assert day_shown(text) == shown
