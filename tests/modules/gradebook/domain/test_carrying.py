"""A line taken into another: nothing is lost, nothing written over."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.gradebook.domain.carrying import (
    added,
    cells_of,
    closed_cells,
    columns_of_cells,
    line_of_cells,
)
from thongsuot.modules.gradebook.domain.cells import Line

D = Decimal
MARK = st.integers(0, 100).map(lambda tenths: D(tenths) / 10)
PLACES = st.lists(st.none() | MARK, max_size=5).map(
    lambda places: tuple(places) if not places or places[-1] is not None else (*places, D(5))
)
LINES = st.builds(
    Line,
    regular=PLACES,
    midterm=st.none() | MARK,
    final=st.none() | MARK,
    final_level=st.sampled_from(["", "T", "H"]),
    exempt=st.booleans(),
    remark=st.sampled_from(["", "Tốt"]),
)


@given(LINES)
def test_texts_and_back(line):
    assert line_of_cells(cells_of(line)) == line


@given(LINES, LINES)
def test_what_stands_stays_and_every_mark_is_somewhere(line, other):
    more = cells_of(other)
    done = added(line, more)
    stands = cells_of(done.line)
    assert cells_of(line).items() <= stands.items()
    assert more.keys() == done.places.keys() | done.left.keys()
    for cell, text in more.items():
        if cell in done.places:
            assert stands[done.places[cell]] == text
    # Two cells of the line that came never end in one.
    assert max(Counter(done.places.values()).values(), default=1) == 1
    assert not any(cell.startswith("regular") for cell in done.left)


@given(LINES)
def test_again_changes_nothing(line):
    assert added(line, cells_of(line)).line == line


def test_a_taken_column_is_left_alone():
    done = added(Line(regular=(None, D(5), D(10))), {"regular.0": "6.0", "regular.2": "9.0"})
    assert done.line.regular == (D(6), D(5), D(10), D(9))
    assert done.places == {"regular.0": "regular.0", "regular.2": "regular.3"}
    assert columns_of_cells(cells_of(done.line)) == 4


def test_an_absence_gives_way_to_the_mark_that_was_made_up():
    done = added(Line(midterm=D(7)), {"midterm_absent": "1"})
    assert (done.line.midterm, done.line.midterm_absent) == (D(7), False)


def test_what_the_receiving_school_may_not_change():
    cells = {"regular.0": "8.0", "final_absent": "1", "exempt": "1", "remark": "Chăm"}
    assert closed_cells(cells, is_over=False) == ["regular.0"]
    assert closed_cells(cells, is_over=True) == ["regular.0", "remark"]
