"""Reading the three real directives against taking the text out of the files and nothing more."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.measure import Figure, compare
from tests.bench.scale import Scale
from tests.bench.words import seeds
from thongsuot.modules.directives.domain.extraction import extract
from thongsuot.modules.directives.domain.reading import read_file


def run(scale: Scale) -> Iterator[Figure]:
    files = seeds()

    def ours() -> None:
        for name, content in files:
            extract(read_file(content, name))

    def floor() -> None:
        for name, content in files:
            read_file(content, name)

    found = compare("reading three directives", ours, floor, scale=scale, heavy=True)
    speed = len(files) * 1000 / found.ours
    yield Figure(**{**found.__dict__, "note": f"{speed:.1f} directives a second; the floor reads lines only"})
