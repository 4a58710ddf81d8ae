"""Rows for the house test of list pages: those of verification and exchange."""

from __future__ import annotations

from django.utils import timezone

from tests.factories.organization import make_school, make_school_year, make_unit
from tests.factories.registry import make_class, make_student
from thongsuot.modules.organization.queries import current_school_year
from thongsuot.modules.registry.models import IdentityBatch, IdentityCheck, MinistrySubmission, SchoolClass


def _pupil(**fields):
    school = make_school(parent=make_unit("commune"))
    year = current_school_year(timezone.localdate()) or make_school_year()
    return make_student(school, school_class=make_class(school, year), **fields)


def make_schools(number, actor):
    for _ in range(number):
        _pupil()


def make_batches(number, actor):
    for _ in range(number):
        pupil = _pupil(identity_status="not_found")
        batch = IdentityBatch.objects.create(
            unit=pupil.unit, kind="student", channel="http", size=1, answered=1, created_at=timezone.now()
        )
        IdentityCheck.objects.create(batch=batch, unit=pupil.unit, person_id=pupil.pk, status="not_found")


def make_submissions(number, actor):
    for _ in range(number):
        pupil = _pupil()
        MinistrySubmission.objects.create(
            unit=pupil.unit,
            school_year=current_school_year(timezone.localdate()),
            kind="student",
            object_id=pupil.pk,
            status="sent",
            sent_at=timezone.now(),
        )


def make_objects(number, actor):
    """Pupils of one school, as the page shows one."""
    year = current_school_year(timezone.localdate()) or make_school_year()
    room = SchoolClass.objects.filter(school_year=year).first()
    if room is None:
        room = make_class(make_school(parent=make_unit("commune")), year)
    for _ in range(number):
        make_student(room.unit, school_class=room)
    return {"kind": "student"}


ROWS = {
    "registry:identity-schools": make_schools,
    "registry:identity-batches": make_batches,
    "registry:identity-settle": make_batches,
    "registry:ministry-list": make_submissions,
    "registry:ministry-objects": make_objects,
}
