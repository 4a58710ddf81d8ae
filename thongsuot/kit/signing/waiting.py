"""Work of a library that runs an event loop of its own, wherever it is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def outside_loops(work: Callable[[], T]) -> T:
    """What `work` returns or raises. Where a loop runs in this thread (an async view), another thread does it: a loop
    within a loop is refused.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()
