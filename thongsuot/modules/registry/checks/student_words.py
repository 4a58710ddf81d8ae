"""What a pupil is called, where the dossier is, and what is mended in place."""

from __future__ import annotations

from ..models import Student
from .mending import PERSON_MENDS, mends
from .words import found_by, labels_of, page_of

LABELS = labels_of(Student, "full_name")
FINDS = found_by(Student, "name_fold")
URLS = page_of(Student, "registry:student-detail", "public_id")
MENDS = mends(Student, PERSON_MENDS)
