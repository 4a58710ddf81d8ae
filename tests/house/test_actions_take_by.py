"""Every public function of an `actions` room says on whose behalf it writes: keyword-only `by`."""

import importlib
import inspect
import pkgutil

import thongsuot


def action_modules():
    for found in pkgutil.walk_packages(thongsuot.__path__, "thongsuot."):
        parts = found.name.split(".")
        if "actions" in parts and "management" not in parts:
            yield importlib.import_module(found.name)


def public_functions():
    for module in action_modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and function.__module__ == module.__name__:
                yield module.__name__, name, function


def test_there_are_actions():
    assert len(list(public_functions())) > 20


def test_every_action_takes_by_as_a_keyword():
    wrong = []
    for module, name, function in public_functions():
        by = inspect.signature(function).parameters.get("by")
        if by is None or by.kind is not inspect.Parameter.KEYWORD_ONLY:
            wrong.append(f"{module}.{name}")
    assert wrong == []


def test_every_action_says_what_it_does():
    silent = [f"{m}.{n}" for m, n, f in public_functions() if not inspect.getdoc(f)]
    assert silent == []
