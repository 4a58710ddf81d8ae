"""Following the old-to-new map: worked examples, and what holds for every map."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from thongsuot.modules.organization.domain.succession import Step, Successor, successors

MERGER, RISE = date(2025, 7, 1), date(2026, 4, 30)
LATER = date(2026, 11, 26)


def only(steps, code, **facts):
    return successors(steps, [code], **{"on": LATER, **facts})[code]


def test_a_code_that_is_used_again_is_followed_once():
    steps = [Step(MERGER, "21025", "21025"), Step(MERGER, "21010", "21025"), Step(MERGER, "21028", "21010")]
    assert only(steps, "21010") == (Successor("21025"),)
    assert only(steps, "21028") == (Successor("21010"),)


def test_a_divided_unit_leads_to_each_part():
    steps = [Step(MERGER, "1", "7", is_partial=True), Step(MERGER, "1", "8", is_partial=True)]
    assert only(steps, "1") == (Successor("7", is_partial=True), Successor("8", is_partial=True))


def test_parts_that_meet_again_are_not_whole_by_that():
    steps = [
        Step(MERGER, "1", "7", is_partial=True),
        Step(MERGER, "1", "8", is_partial=True),
        Step(RISE, "7", "9"),
        Step(RISE, "8", "9"),
    ]
    assert only(steps, "1") == (Successor("9", is_partial=True),)


def test_days_count():
    steps = [Step(MERGER, "1", "2"), Step(RISE, "2", "3")]
    assert only(steps, "1", on=MERGER - timedelta(1)) == (Successor("1"),)
    assert only(steps, "1", on=MERGER) == (Successor("2"),)
    assert only(steps, "1", on=RISE) == (Successor("3"),)
    # Known on the day of the merger, "2" is the new unit already; "1" is nothing that changed.
    assert only(steps, "2", known_on=MERGER) == (Successor("3"),)
    assert only(steps, "2", known_on=RISE) == (Successor("2"),)


codes = st.sampled_from("abcdef")
days = st.sampled_from([MERGER, RISE, LATER])
maps = st.lists(st.builds(Step, days, codes, codes, st.booleans()), max_size=20)


@given(maps, codes)
def test_whoever_is_followed_arrives_and_stays(steps, code):
    found = only(steps, code)
    assert found
    last = {step.on for step in steps if step.on <= LATER}
    # Nothing is left to follow after the last day: no circle can hold anybody.
    for place in found:
        assert only(steps, place.code, known_on=max(last, default=MERGER)) == (Successor(place.code),)


@given(maps, codes, days)
def test_a_way_may_be_broken_at_any_day(steps, code, rest):
    onward = successors(steps, list("abcdef"), on=LATER, known_on=rest)
    in_two = {end.code for stop in only(steps, code, on=rest) for end in onward[stop.code]}
    assert in_two == {place.code for place in only(steps, code)}


@given(maps, codes)
def test_the_order_of_the_lines_does_not_matter(steps, code):
    assert only(steps, code) == only(list(reversed(steps)), code)
