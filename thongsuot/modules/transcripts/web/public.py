"""Checking a transcript, for everybody: the file says it all, the number of a transcript alone says nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from thongsuot.kit.signing.types import Verdict

from .. import queries
from .forms import VerifyForm
from .words import STANDING, VERDICT_TONES, apart

MOST_BYTES = 12 * 1024 * 1024
MOST_NAMES = 3


@method_decorator(login_not_required, name="dispatch")
class VerifyPage(View):
    """The QR code of a printed transcript leads here with its number: whoever holds only that is asked for the file, and
    is told when the file is another's."""

    @staticmethod
    def before_transaction(request: HttpRequest) -> None:
        """Authorities are asked about the certificates of the file while nothing of the database waits."""
        given = request.FILES.get("file")
        if given is None or (given.size or 0) > MOST_BYTES:
            return
        queries.ask_authorities([given.read()], timezone.now())
        given.seek(0)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = {"form": VerifyForm(), "code": scanned(request)}
        return render(request, "transcripts/verify.html", context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = VerifyForm(request.POST, request.FILES)
        if not form.is_valid():
            context = {"form": form, "code": scanned(request)}
            return render(request, "transcripts/verify.html", context, status=422)
        given = form.cleaned_data["file"]
        check = queries.check_file(given.read(MOST_BYTES + 1), most=MOST_BYTES)
        common = check.content.get("common", {})
        whole, of_rows = apart(check.signatures)
        code, standing = scanned(request), STANDING[check.standing]
        context = {
            "form": VerifyForm(),
            "check": check,
            "is_other": bool(code and check.uuid and check.uuid.lower() != code),
            "verdict_tone": "bad" if check.content and standing[1] == "bad" else VERDICT_TONES[check.verdict],
            "standing": standing,
            # A print that was altered around the true original is not to be called the original.
            "tells_standing": check.content
            and not (check.verdict == Verdict.INVALID and standing[1] == "ok"),
            "missing": _listed([str(one) for one in check.missing]),
            "why": why(check.signatures),
            "common": common,
            "kind": queries.kind_words(check.profile),
            "signatures": [(one, VERDICT_TONES[one.verdict]) for one in whole],
            "part_signatures": [(one, VERDICT_TONES[one.verdict]) for one in of_rows],
        }
        answer = render(request, "transcripts/verify.html", context)
        answer["Cache-Control"] = "no-store"
        return answer


def scanned(request: HttpRequest) -> str:
    """The number in the address of a QR code; empty without one. Nothing is looked up by it."""
    try:
        return str(UUID(request.GET.get("ma", "")))
    except ValueError:
        return ""


def why(signatures: Iterable[Any]) -> list[tuple[str, str]]:
    """What is wrong with signatures, each reason once: (reason, whose). A dozen subjects fail for one reason together."""
    found: dict[str, list[str]] = {}
    for one in signatures:
        for reason in one.reasons:
            found.setdefault(reason, []).append(str(one.label or _("Không rõ vai trò")))
    return [(reason, _listed(names)) for reason, names in found.items()]


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    if len(names) <= MOST_NAMES:
        return shown
    return _("%(names)s và %(n)d chữ ký khác") % {"names": shown, "n": len(names) - MOST_NAMES}
