"""What lets a page work on where there is no line, and the platform stand on a phone's home screen."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

# The account that the page was made for: the worker keeps the page for it and for nobody else.
KEEP_FOR = "X-Keep-For"
_FOLDER = Path(__file__).parent / "static" / "pages"
ICONS = ((192, "any"), (512, "any"), (512, "maskable"))


def keep_on_device(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Mark a page that its reader may open again without a line; it has an element with data-unsent-place."""
    if request.user.is_authenticated and response.status_code == 200:
        response[KEEP_FOR] = str(request.user.pk)
    return response


@cache
def build() -> str:
    """Differs from build to build: of the collected files, of the worker's own text."""
    files = str(getattr(staticfiles_storage, "manifest_hash", ""))
    return hashlib.sha256((files + _worker_text()).encode()).hexdigest()[:12]


def _worker_text() -> str:
    return (_FOLDER / "worker.js").read_text(encoding="utf-8")


@require_GET
@login_not_required
@cache_control(no_cache=True)
def worker(_request: HttpRequest) -> HttpResponse:
    said: dict[str, Any] = {
        "build": build(),
        "statics": settings.STATIC_URL,
        "offline": reverse("pages:offline"),
        "signOut": reverse("account_logout"),
        "keptFor": settings.SESSION_ABSOLUTE_LIMIT,
    }
    text = f"const SETTINGS = {json.dumps(said)}\n{_worker_text()}"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    # Its address lies below /trang/; it looks after all pages.
    response["Service-Worker-Allowed"] = "/"
    return response


@require_GET
@login_not_required
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the worker and shown for pages of which the device has no copy; knows nobody."""
    return render(request, "pages/offline.html")


@require_GET
@login_not_required
@cache_control(max_age=86400)
def manifest(_request: HttpRequest) -> HttpResponse:
    icons = [
        {
            "src": static(f"pages/icon-{'maskable-' if purpose == 'maskable' else ''}{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in ICONS
    ]
    said = {
        "name": _("Thông Suốt"),
        "short_name": _("Thông Suốt"),
        "lang": "vi",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#1f5f8b",
        "icons": icons,
    }
    return JsonResponse(
        said, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )
