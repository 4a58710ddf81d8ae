"""Checking a transcript, for everybody: the file says it all, the number of a transcript alone says nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View

from .. import queries
from .forms import VerifyForm
from .words import STANDING, VERDICT_TONES, apart

MOST_BYTES = 12 * 1024 * 1024


@method_decorator(login_not_required, name="dispatch")
class VerifyPage(View):
    """The QR code of a printed transcript leads here with its number: whoever holds only that is asked for the file."""

    @staticmethod
    def before_transaction(request: HttpRequest) -> None:
        """Authorities are asked about the certificates of the file while nothing of the database waits."""
        given = request.FILES.get("file")
        if given is None or (given.size or 0) > MOST_BYTES:
            return
        queries.ask_authorities([given.read()], timezone.now())
        given.seek(0)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return render(request, "transcripts/verify.html", {"form": VerifyForm()})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = VerifyForm(request.POST, request.FILES)
        if not form.is_valid():
            return render(request, "transcripts/verify.html", {"form": form}, status=422)
        given = form.cleaned_data["file"]
        check = queries.check_file(given.read(MOST_BYTES + 1), most=MOST_BYTES)
        common = check.content.get("common", {})
        whole, of_rows = apart(check.signatures)
        context = {
            "form": VerifyForm(),
            "check": check,
            "tone": VERDICT_TONES[check.verdict],
            "standing": STANDING[check.standing],
            "common": common,
            "kind": queries.kind_words(check.profile),
            "signatures": [(one, VERDICT_TONES[one.verdict]) for one in whole],
            "part_signatures": [(one, VERDICT_TONES[one.verdict]) for one in of_rows],
        }
        answer = render(request, "transcripts/verify.html", context)
        answer["Cache-Control"] = "no-store"
        return answer
