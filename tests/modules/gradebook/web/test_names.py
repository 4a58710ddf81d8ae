"""Namesakes of a class are told apart by the day of birth."""

from datetime import date
from types import SimpleNamespace

from thongsuot.modules.gradebook.web.names import namesakes


def pupil(number, name, born):
    return SimpleNamespace(student_id=number, name=name, birth_date=born)


def test_only_who_shares_a_name_has_a_note():
    found = namesakes(
        [
            pupil(1, "A Hlim", date(2020, 8, 20)),
            pupil(2, "A Hlim", date(2020, 2, 3)),
            pupil(3, "Y Linh", date(2020, 1, 1)),
            pupil(4, "A Hlim", None),
        ]
    )
    assert found == {1: "sinh 20/08/2020", 2: "sinh 03/02/2020"}
