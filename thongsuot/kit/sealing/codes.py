"""One-time codes that a person reads from one place and types at another: how they are made and read. Pure.

32 signs that nobody mistakes for one another (no 0, O, 1, I), ten of them: 50 bits, drawn by the system's own source of
chance. Whoever may try five times an hour needs some 10^10 years.
"""

from __future__ import annotations

import secrets

SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 10


def new_code() -> str:
    """As it is printed: "ABCDE-23456"."""
    drawn = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    return f"{drawn[:5]}-{drawn[5:]}"


def read_code(typed: str) -> str:
    """What was typed without its spaces, dashes and small letters; "" for what can be no code."""
    found = "".join(sign for sign in typed.upper() if not sign.isspace() and sign not in "-–—._")
    return found if len(found) == LENGTH and set(found) <= set(SIGNS) else ""
