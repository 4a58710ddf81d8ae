"""Migrations without drawing the same models again and again.

Django draws the models of the past anew at each step: the one that the step changes and all that refer to it. Nearly all
refer to a unit or an account, so a step that adds an index or a trigger draws some eighty classes and takes longer than
its SQL by two orders. Four kinds of steps need not: one that only changes indexes, constraints, triggers or names; one
that adds a field; one that gives a field another name or help to read; one that adds a model, to which nothing refers yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps.registry import Apps, apps
from django.db.migrations.state import ModelState, ProjectState

# Options whose change leaves the fields, the table and the relations of a model as they are.
LEAVE_FIELDS = frozenset({"indexes", "constraints", "triggers", "verbose_name", "verbose_name_plural"})
# What a field is called: no class and no column is another for it.
WORDS = frozenset({"verbose_name", "help_text"})
DRAWN_FROM = "_drawn_from"


@dataclass(frozen=True)
class Drawn:
    """What a class was drawn from. Fields and managers themselves: a step that changes one puts another in its place."""

    fields: dict[str, Any]
    rest: tuple[Any, ...]

    def only_grew_into(self, other: Drawn) -> bool:
        kept = all(
            name in other.fields and _same_but_for_words(field, other.fields[name])
            for name, field in self.fields.items()
        )
        return kept and self.rest == other.rest


@contextmanager
def quick_states() -> Iterator[None]:
    """Within it `migrate` redraws only what a step changes. The database becomes the same: pg_dump of both was compared, rows
    and all, whenever this changed; models of the past, indexes, constraints and triggers are by
    tests/kit/postgres/test_migrating.py.
    """
    reload_model, render, swappable = (
        ProjectState.reload_model,
        ModelState.render,
        Apps.get_swappable_settings_name,
    )

    def quick_render(state: ModelState, within: Any) -> Any:
        drawn = render(state, within)
        setattr(drawn, DRAWN_FROM, _drawn_from(state))
        return drawn

    def quick_reload(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
        if "apps" not in state.__dict__:
            return
        _own(state.apps)
        wanted = state.models[app_label, model_name]
        drawn = state.apps.all_models[app_label].get(model_name)
        if drawn is None and not wanted.options.get("swappable"):
            state.apps.render_multiple([wanted])
        elif drawn is not None and (before := vars(drawn).get(DRAWN_FROM)) and _follow(drawn, before, wanted):
            setattr(drawn, DRAWN_FROM, _drawn_from(wanted))
            state.apps.clear_cache()
        else:
            reload_model(state, app_label, model_name, delay)

    setattr(ProjectState, "reload_model", quick_reload)  # noqa: B010 - Django offers no other place
    setattr(ModelState, "render", quick_render)  # noqa: B010
    setattr(Apps, "get_swappable_settings_name", _kept(swappable))  # noqa: B010
    try:
        yield
    finally:
        setattr(Apps, "get_swappable_settings_name", swappable)  # noqa: B010
        setattr(ProjectState, "reload_model", reload_model)  # noqa: B010
        setattr(ModelState, "render", render)  # noqa: B010


def _kept(asked: Any) -> Any:
    """Django forgets which setting names a model whenever a class is drawn, and looks through all models for it again for
    each field that is copied. The models of today, of whom it asks, do not change meanwhile.
    """
    answers: dict[str, Any] = {}

    def answer(whose: Apps, to_string: str) -> Any:
        if whose is not apps:
            return asked(whose, to_string)
        if to_string not in answers:
            answers[to_string] = asked(apps, to_string)
        return answers[to_string]

    setattr(answer, "cache_clear", lambda: None)  # noqa: B010 - Django calls it
    return answer


def _own(drawn: Any) -> None:
    """A class looks for what refers to it where it was drawn; it is to look in the newest state that holds it."""
    for model in drawn.get_models(include_auto_created=True):
        model._meta.apps = drawn


def _drawn_from(state: ModelState) -> Drawn:
    options = {key: value for key, value in state.options.items() if key not in LEAVE_FIELDS}
    return Drawn(
        dict(state.fields),
        (
            tuple(map(str, state.bases)),
            tuple((name, id(manager)) for name, manager in state.managers),
            repr(sorted(options.items())),
        ),
    )


def _same_but_for_words(one: Any, other: Any) -> bool:
    if one is other or type(one) is not type(other):
        return one is other
    (*said, options), (*then, others) = one.deconstruct()[1:], other.deconstruct()[1:]
    return said == then and all(
        options.get(key) == others.get(key) for key in (options.keys() | others.keys()) - WORDS
    )


def _follow(drawn: Any, before: Drawn, wanted: ModelState) -> bool:
    """Change the class itself where the step allows it; False when it has to be drawn anew."""
    if not before.only_grew_into(_drawn_from(wanted)):
        return False
    for name, field in wanted.fields.items():
        if name not in before.fields:
            field.clone().contribute_to_class(drawn, name)
        elif field is not before.fields[name]:
            own = drawn._meta.get_field(name)
            own._verbose_name, own.help_text = field.verbose_name, field.help_text
            own.verbose_name = field.verbose_name or name.replace("_", " ")
    for name in LEAVE_FIELDS & wanted.options.keys():
        value = wanted.options[name]
        setattr(
            drawn._meta, name, [one.clone() for one in value] if name in ("indexes", "constraints") else value
        )
    return True
