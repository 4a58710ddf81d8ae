"""Reads of the module."""

from .files import content_of, file_of, parts_of
from .layouts import deadlines, exchange, profile_for, profile_named, profiles, schema_of
from .verification import Check, SignatureCheck, check_transcript, trust_store

__all__ = [
    "Check",
    "SignatureCheck",
    "check_transcript",
    "content_of",
    "deadlines",
    "exchange",
    "file_of",
    "parts_of",
    "profile_for",
    "profile_named",
    "profiles",
    "schema_of",
    "trust_store",
]
