"""Public ids for many new records at once."""

from __future__ import annotations

import os
import time

# Ids within one millisecond of the clock: 12 bits count them.
A_TICK = 1 << 12


def rising_ids(number: int) -> list[str]:
    """`number` UUIDs of version 7 (RFC 9562), each above the one before: hexadecimal digits without hyphens.

    62 bits of each are random. Rising ids are appended to their index, where random ones would each touch another
    page of it; and the random bits are asked of the system once.
    """
    first, chance = time.time_ns() // 1_000_000, os.urandom(8 * number)
    made = []
    for place in range(number):
        tail = int.from_bytes(chance[8 * place : 8 * place + 8]) >> 2 | 1 << 63
        made.append(f"{first + place // A_TICK:012x}7{place % A_TICK:03x}{tail:016x}")
    return made
