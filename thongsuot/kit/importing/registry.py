"""Kinds of files that can be imported. Filled in each module's `apps.ready()`: register(SchoolImporter())."""

from __future__ import annotations

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.importing.importer import Importer

_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Declare a kind of file. A kind is registered once."""
    known = _importers.setdefault(importer.kind, importer)
    if type(known) is not type(importer):
        raise ValueError(f"two importers are called {importer.kind!r}")


def importer_of(kind: str) -> Importer:
    """The importer of a kind; LookupError when no module has it."""
    try:
        return _importers[kind]
    except KeyError:
        raise LookupError(f"no module has registered imports of the kind {kind!r}") from None


def kinds() -> dict[str, Importer]:
    """All importers by kind."""
    return dict(sorted(_importers.items()))


def importers_for(actor: Actor) -> list[Importer]:
    """Importers that the actor may use, by title."""
    return sorted((i for i in _importers.values() if i.allowed(actor)), key=lambda i: str(i.title))
