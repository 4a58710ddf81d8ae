from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thongsuot.kit.audit.actions import record_reading
from thongsuot.kit.audit.origin import origin_of
from thongsuot.kit.exports.queries import exports_of
from thongsuot.kit.pages.exporting import CONTENT_TYPES


@require_safe
def download(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The file; where it has been thrown away, the list that it was made from."""
    export = get_object_or_404(exports_of(request.actor), public_id=public_id)  # type: ignore[attr-defined]
    try:
        content = default_storage.open(export.stored_as, "rb") if export.stored_as else None
    except FileNotFoundError:
        content = None
    if content is None:
        messages.warning(request, _("Tệp này không còn được giữ. Hãy xuất lại từ danh sách."))
        return HttpResponseRedirect(f"{export.path}?{export.query}" if export.query else export.path)
    if request.method == "GET":
        record_reading(
            by=request.actor,  # type: ignore[attr-defined]
            subject=export,
            purpose=_("Tải tệp xuất"),
            ip=origin_of(request).ip,
        )
    response = FileResponse(
        content, as_attachment=True, filename=export.name, content_type=CONTENT_TYPES[export.kind]
    )
    response["Cache-Control"] = "private, no-store"
    return response
