"""Figures of pupils: who sees the number, who opens the names."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.audit.models import ReadingLog
from thongsuot.kit.postgres.isolation import act_as

from .conftest import NAMES


def readings():
    with act_as(Actor.system()):
        return list(ReadingLog.objects.order_by("pk").values_list("subject_table", "subject_pk"))


def rows(unit, part, *line, day=None):
    day = day or timezone.localdate()
    return reverse("indicators:rows", args=["registry.pupils", unit.pk, part, day.isoformat(), *line])


def test_figures_by_ethnicity_and_the_names_behind_them(province, browse):
    school = province.school_a1
    leader = browse("department_leader", "department")
    page = leader.get(reverse("indicators:unit", args=["registry.pupils", school.pk]), {"chieu": "ethnicity"})
    assert [(line.name, line.figure.value) for line in page.context["breakdown"]] == [("01", 3)]
    closed = rows(school, "tu-so", "ethnicity", "01")
    shown = page.content.decode()
    assert rows(school, "tu-so") in shown
    assert closed not in shown
    assert "chỉ nơi giữ hồ sơ mới mở được" in shown
    assert leader.get(rows(school, "tu-so")).status_code == 200
    assert leader.get(closed).status_code == 404
    assert readings() == []
    principal = browse("principal", "school_a1")
    opened = principal.get(closed)
    assert {row.student_name for row in opened.context["page"].object_list} == set(NAMES)
    assert readings() == [("organization_unit", str(school.pk))]
    # Another school has neither the figure nor the names.
    stranger = browse("principal", "school_b1")
    assert stranger.get(closed).status_code == 404
    assert stranger.get(reverse("indicators:unit", args=["registry.pupils", school.pk])).status_code == 404


def test_the_list_of_a_school(province, browse):
    page = browse("principal", "school_a1").get(reverse("indicators:list"))
    figures = {row.indicator.code: row.figure for _subject, found in page.context["groups"] for row in found}
    assert figures["registry.pupils"].value == 3
    assert figures["registry.transition_lower_secondary"].value is None
    past = browse("principal", "school_a1").get(
        reverse("indicators:list"), {"ngay": date(2026, 9, 1).isoformat()}
    )
    figures = {row.indicator.code: row.figure for _subject, found in past.context["groups"] for row in found}
    assert figures["registry.pupils"].value == 0
