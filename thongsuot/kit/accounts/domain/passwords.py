"""What a good password is, and one-time passwords that can be read aloud. Pure."""

from __future__ import annotations

import secrets
import string

# No 0 O 1 l I: a one-time password is read from paper or over the telephone.
_LOWER = "abcdefghjkmnpqrstuvwxyz"
_UPPER = "ABCDEFGHJKMNPQRSTUVWXYZ"
_DIGITS = "23456789"
_SIGNS = "@#%+=?"
ONE_TIME_LENGTH = 16


def character_types(password: str) -> int:
    """How many of the four kinds are there: small letters, capitals, digits, anything else."""
    found = set()
    for char in password:
        if char.isdigit():
            found.add("digit")
        elif char.islower():
            found.add("lower")
        elif char.isupper():
            found.add("upper")
        else:
            found.add("other")
    return len(found)


def weakness(password: str, *, with_mfa: bool, alone_length: int, mfa_length: int) -> str | None:
    """None when good enough, else "short" or "types" (TCVN 14423:2026: 14 of four kinds, or 8 with MFA)."""
    if with_mfa:
        return "short" if len(password) < mfa_length else None
    if len(password) < alone_length:
        return "short"
    return "types" if character_types(password) < 4 else None


def one_time_password() -> str:
    """Random, of all four kinds, without letters that are mistaken for each other."""
    kinds = (_LOWER, _UPPER, _DIGITS, _SIGNS)
    chars = [secrets.choice(kind) for kind in kinds]
    chars += [secrets.choice(_LOWER + _UPPER + _DIGITS) for _ in range(ONE_TIME_LENGTH - len(kinds))]
    secrets.SystemRandom().shuffle(chars)
    # A letter first: some people read a leading sign as a mark in the sentence.
    first = next(index for index, char in enumerate(chars) if char in string.ascii_letters)
    chars[0], chars[first] = chars[first], chars[0]
    return "".join(chars)
