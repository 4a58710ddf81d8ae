"""Pages of a PDF as pictures, for a signer who is to see what he signs, also on a phone that opens no PDF in a page. Pure."""

from __future__ import annotations

from io import BytesIO
from threading import Lock

WIDTH = 1100
MOST_PIXELS = 6_000_000
# PDFium is not made for two threads at once.
_one_at_a_time = Lock()


class Unreadable(ValueError):
    """PDFium cannot open the file, or has no such page."""


def page_count(data: bytes) -> int:
    """How many pages. Raises Unreadable (damaged, locked by a password)."""
    import pypdfium2

    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise Unreadable from error
        try:
            return len(document)
        finally:
            document.close()


def page_picture(data: bytes, number: int, *, width: int = WIDTH) -> bytes:
    """Page `number` (from 0) as WebP, `width` pixels wide, with what annotations and form fields show. Raises Unreadable."""
    import pypdfium2

    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise Unreadable from error
        try:
            if not 0 <= number < len(document):
                raise Unreadable
            document.init_forms()
            page = document[number]
            wide, high = page.get_size()
            scale = min(width / max(wide, 1), (MOST_PIXELS / max(wide * high, 1)) ** 0.5)
            picture = page.render(scale=scale, may_draw_forms=True).to_pil()
        except pypdfium2.PdfiumError as error:
            raise Unreadable from error
        finally:
            document.close()
    out = BytesIO()
    picture.convert("RGB").save(out, "WEBP", quality=80)
    return out.getvalue()
