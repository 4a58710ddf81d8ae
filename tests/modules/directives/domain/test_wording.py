from decimal import Decimal

import pytest

from thongsuot.modules.directives.domain.wording import goal_words, measured


@pytest.mark.parametrize(
    ("value", "measure", "words"),
    [("66.83", "%", "66,83%"), ("100.0000", "%", "100%"), ("12", "trường", "12 trường"), ("0.5", "", "0,5")],
)
def test_figures_with_their_unit(value, measure, words):
    assert measured(Decimal(value), measure) == words


def test_goals():
    assert goal_words(">=", Decimal("90.0000"), "%") == "≥ 90%"
    assert goal_words("=", Decimal(100), "%") == "100%"
    assert goal_words("<=", Decimal(3), "ngày") == "≤ 3 ngày"
    assert goal_words(">=", None, "%") == ""
