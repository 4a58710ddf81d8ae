"""Each personal datum that the registry keeps has its purpose, legal basis and time written down in data/registry."""

import json

from django.conf import settings

from thongsuot.modules.registry.models import Contact, PersonRecord, Student, YearResult
from thongsuot.modules.registry.types import SENSITIVE_KINDS, CharacteristicKind

FIELDS = json.loads((settings.DATA_DIR / "registry" / "purposes.json").read_text(encoding="utf-8"))["fields"]
BY_NAME = {row["field"]: row for row in FIELDS}
# Keys, times of writing and what is derived from a name say nothing more of a person.
NO_DATA = {"id", "public_id", "name_fold", "sort_key", "created_at", "updated_at"}
LINKS = {"student", "unit", "account", "merged_into", "school_year", "school_class", "import_run"}


def names(model, taken=frozenset()):
    return {field.name for field in model._meta.local_fields} - NO_DATA - LINKS - taken


def test_every_field_says_why_it_is_kept():
    person = {field.name for field in PersonRecord._meta.local_fields} - NO_DATA
    wanted = {f"person.{name}" for name in person}
    wanted |= {f"student.{name}" for name in names(Student, person)}
    wanted |= {f"contact.{name}" for name in names(Contact)}
    wanted |= {f"result.{name}" for name in names(YearResult)}
    wanted |= {f"characteristic.{kind}" for kind in CharacteristicKind.values}
    assert set(BY_NAME) == wanted
    assert len(BY_NAME) == len(FIELDS)


def test_nothing_is_left_blank():
    assert all(all(str(value).strip() for value in row.values()) for row in FIELDS)
    assert {row["confidence"] for row in FIELDS} <= {"V", "V2", "I", "M"}


def test_what_is_masked_is_called_sensitive():
    masked = {f"characteristic.{kind}" for kind in SENSITIVE_KINDS} | {"person.ethnicity", "person.religion"}
    assert masked <= {row["field"] for row in FIELDS if row["sensitivity"] == "sensitive"}
