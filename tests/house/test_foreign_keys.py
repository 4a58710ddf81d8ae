"""Foreign keys go down the same order as imports: what is below never points up."""

from django.apps import apps

# From the top of the house down; see docs/adr/0008-the-house.md.
ORDER = [
    "directives",
    "maturity",
    "statistics",
    "transcripts",
    "gradebook",
    "documents",
    "registry",
    "quality",
    "organization",
    "pages",
    "api",
    "exports",
    "importing",
    "indicators",
    "notify",
    "jobs",
    "files",
    "audit",
    "accounts",
    "postgres",
]


def house_models():
    return [m for m in apps.get_models() if m.__module__.startswith("thongsuot.")]


def test_every_app_of_ours_has_its_place():
    labels = {m._meta.app_label for m in house_models()}
    assert labels <= set(ORDER), labels - set(ORDER)


def test_foreign_keys_go_down():
    wrong = []
    for model in house_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or not target.__module__.startswith("thongsuot."):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if ORDER.index(there) < ORDER.index(here):
                wrong.append(f"{model.__name__}.{field.name} -> {there}.{target.__name__}")
    assert wrong == []
