"""Periodic reports for tests: pupils to count, a report begun, a passage written, the words of a paper."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from xml.etree import ElementTree

from django.utils import timezone
from docx import Document

from tests.factories.organization import make_province, make_school_year
from tests.factories.registry import make_class, make_student
from thongsuot.modules.statistics import actions

NOW = timezone.make_aware(datetime(2027, 1, 5, 9))


def make_report_province():
    """The small province with its school year 2026-2027 as `year`."""
    made = make_province()
    made.year = make_school_year(2026)
    return made


def fill(province, name, boys, girls):
    school = getattr(province, name)
    school_class = make_class(school, province.year)
    for gender, number in (("male", boys), ("female", girls)):
        for _i in range(number):
            make_student(school, gender=gender, school_class=school_class)


def start(province, role, unit, body=None, kind="first_term"):
    actor = province.actor(role, unit)
    unit = getattr(province, body or unit)
    return actor, actions.start_report(by=actor, unit=unit, school_year=province.year, kind=kind, now=NOW)


def write(actor, report, key, text):
    edition = report.texts.get(key=key).edition
    return actions.write_text(by=actor, report=report, key=key, text=text, edition=edition, now=NOW)


def text_of(data):
    """All words of the file; its parts are well-formed XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert parts.testzip() is None
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(parts.read(name))
    paper = Document(io.BytesIO(data))
    lines = [one.text for one in paper.paragraphs]
    for table in paper.tables:
        lines += [cell.text for row in table.rows for cell in row.cells]
    return "\n".join(lines)
