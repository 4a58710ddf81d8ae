"""Texts of tasks: those of the real directives of the demo, so that words come as often as in life."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from thongsuot.modules.directives.domain.extraction import extract
from thongsuot.modules.directives.domain.reading import read_file

SEEDS = Path(__file__).resolve().parents[2] / "data" / "demo" / "directives"


@lru_cache(maxsize=1)
def seeds() -> tuple[tuple[str, bytes], ...]:
    """(name, content) of the three real directives."""
    names = ("duc-pho", "lam-dong", "sa-thay")
    return tuple(
        (path.name, path.read_bytes()) for name in names for path in sorted(SEEDS.glob(f"{name}*.txt"))
    )


@lru_cache(maxsize=1)
def task_texts() -> list[str]:
    texts = [task.text for name, content in seeds() for task in extract(read_file(content, name)).tasks]
    return [text[:600] for text in texts]
