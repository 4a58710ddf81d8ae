from __future__ import annotations

import uuid
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.files import blobs, queries
from thongsuot.kit.files.names import ascii_name
from thongsuot.kit.files.types import SHOWN_INLINE, StoreUnavailable


@require_safe
def download(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    file = queries.openable(request.actor, public_id)  # type: ignore[attr-defined]
    try:
        content = blobs.opened(file.sha256)
    except FileNotFoundError:
        raise Http404 from None
    except StoreUnavailable as error:
        return render(request, "files/unavailable.html", {"message": error.message}, status=503)
    if request.method == "GET":
        record_reading(
            by=request.actor,  # type: ignore[attr-defined]
            subject=file,
            purpose=_("Tải tệp"),
            ip=origin_of(request).ip,
        )
    shown = "xem" in request.GET and file.content_type in SHOWN_INLINE
    response = FileResponse(content, content_type=file.content_type)
    response["Content-Disposition"] = disposition(file.original_name, inline=shown)
    response["Content-Length"] = str(file.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def disposition(name: str, *, inline: bool = False) -> str:
    """Content-Disposition with the Vietnamese name (RFC 5987) and one without marks for old browsers."""
    way = "inline" if inline else "attachment"
    return f"{way}; filename=\"{ascii_name(name)}\"; filename*=UTF-8''{quote(name, safe='')}"
