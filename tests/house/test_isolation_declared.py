"""Every table says whose rows are whose: in its model, or for a library's in kit.postgres.third_party."""

from __future__ import annotations

import pytest

from thongsuot.kit.postgres.declarations import Anyone, alternatives
from thongsuot.kit.postgres.securing import (
    declared_isolation,
    every_model,
    is_listed,
    refuse_circles,
    wanted_isolation,
)
from thongsuot.kit.postgres.third_party import LISTED

MODELS = {model._meta.label: model for model in every_model() if model._meta.managed or is_listed(model)}


@pytest.mark.parametrize("label", sorted(MODELS))
def test_declared(label):
    """`isolation = ByUnit("unit")` and the like; see thongsuot/kit/postgres/declarations.py."""
    assert declared_isolation(MODELS[label]) is not None


@pytest.mark.parametrize("label", sorted(MODELS))
def test_names_fields_that_are_there(label):
    assert wanted_isolation(MODELS[label]) is not None


@pytest.mark.parametrize("label", sorted(MODELS))
def test_openness_has_a_reason(label):
    rules = alternatives(declared_isolation(MODELS[label]) or Anyone())
    assert all(rule.reason for rule in rules if isinstance(rule, Anyone))


def test_policies_do_not_lead_back_to_themselves():
    refuse_circles()


def test_own_models_are_not_listed_as_a_librarys():
    own = {label for label, model in MODELS.items() if model.__module__.startswith("thongsuot.")}
    assert own & LISTED.keys() == set()
