"""A state as a badge in a table."""

from __future__ import annotations

from django.utils.html import format_html

from thongsuot.kit.pages.templatetags.frame import TONES


def badge(label: object, tone: str) -> str:
    return format_html('<span class="badge ts-badge {}">{}</span>', TONES.get(tone, TONES["quiet"]), label)
