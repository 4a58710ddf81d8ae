"""Two people press at the same moment: one is served, the other is told so; the story tells one thing."""

import threading

import pytest
from django.db import connection

from tests.factories.directives import NOW, make_assignment, make_directive, make_finding
from tests.factories.organization import make_province
from thongsuot.kit.accounts.types import Refused
from thongsuot.modules.directives import actions
from thongsuot.modules.directives.models import Assignment, WorkLog

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _may_truncate():
    """Tables with history refuse to be emptied; the test-runner says that it may."""
    with connection.cursor() as cursor:
        cursor.execute("set thongsuot.may_truncate = 'on'")


def at_once(*acts):
    """Run the acts in threads that start together; what each raised, or None."""
    gate, said = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        gate.wait(timeout=10)
        try:
            act()
        except Refused as error:
            said[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return said


def test_accepted_or_returned_never_both():
    place = make_province()
    first, second = (
        place.actor("department_leader", "department"),
        place.actor("department_officer", "office"),
    )
    commune = place.actor("commune_leader", "commune_a")
    task = make_assignment(place.commune_a, place.department)
    actions.submit_result(by=commune, assignment=task, subject="Kế hoạch", link="https://a.vn", now=NOW)
    said = at_once(
        lambda: actions.accept_result(by=first, assignment=task, now=NOW),
        lambda: actions.return_result(by=second, assignment=task, reason="Thiếu", now=NOW),
    )
    assert [error.code for error in said if error] == ["wrong_state"]
    decided = WorkLog.objects.filter(assignment=task, verb__in=("accept", "return"))
    assert decided.count() == 1
    assert task.submissions.get().state == {"accept": "accepted", "return": "returned"}[decided.get().verb]


def test_confirmed_twice_at_once_is_confirmed_once():
    place = make_province()
    first, second = (
        place.actor("department_leader", "department"),
        place.actor("department_officer", "office"),
    )
    order = make_directive(place.department, state="reviewing")
    make_finding(
        order, state="accepted", units={"lead": [place.commune_a.pk], "coordinating": [], "unmatched": []}
    )
    said = at_once(
        lambda: actions.confirm_directive(by=first, directive=order, now=NOW),
        lambda: actions.confirm_directive(by=second, directive=order, now=NOW),
    )
    assert said == [None, None]
    assert Assignment.objects.count() == 1
