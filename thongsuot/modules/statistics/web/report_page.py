"""One periodic report: read, written passage by passage, its figures opened and commented, its versions compared."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import NotAllowed, Refused
from thongsuot.kit.pages.views import ActorPage

from .. import actions, queries
from ..domain.report_words import figure_words, number_words, pieces
from ..types import PaperState, ReportKind, TextConflict

FILE_NAMES = {ReportKind.FIRST_TERM: "so-ket", ReportKind.YEAR: "tong-ket"}
FILES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


class ReportBase(ActorPage):
    right = "statistics.view"

    @cached_property
    def report(self) -> Any:
        found = queries.report(self.actor, self.kwargs["public_id"])
        if found is None:
            raise Http404
        return found

    def url(self) -> str:
        return reverse("statistics:report-detail", args=[self.kwargs["public_id"]])

    def get_title(self) -> Any:
        return _("%(report)s: %(unit)s") % {"report": self.report, "unit": self.report.unit.name}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Báo cáo sơ kết, tổng kết"), reverse("statistics:report-list"))]

    def figure_url(self, code: str, dimension: str = "", key: str = "") -> str:
        """The rows behind the figure; where they may not be opened, the page that tells what it is."""
        if not queries.openable(self.actor, code, self.report.unit_id):
            return reverse("statistics:report-figure", args=[self.report.public_id, code])
        line = [dimension, key] if dimension else []
        return reverse("statistics:report-rows", args=[self.report.public_id, code, "numerator", *line])


def _standing(one: Any) -> int:
    """Signed ones first, then those that somebody works at, then those that nobody has begun."""
    return 0 if one.signed else 1 if one.report else 2


class ReportPage(ReportBase):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        report = self.report
        self.blocks = queries.Blocks(report)
        below = sorted(queries.below(report), key=_standing)
        self.passages = {one.key: one for one in report.texts.all()}
        context = {
            "report": report,
            "template": report.template,
            "bases": [self.blocks.named(line) for line in report.template["bases"]],
            "opening": self.blocks.named(report.template["opening"]),
            "closing": self.blocks.named(report.template["closing"]),
            "sections": [self.part(one) for one in report.template["sections"]],
            "appendices": [
                part for part in map(self.part, report.template["appendices"]) if self.has_rows(part)
            ],
            "may_write": queries.may_write(self.actor, report),
            "may_sign": queries.may_sign(self.actor, report),
            "may_return": queries.may_return(self.actor, report),
            "is_signed": report.state == PaperState.SIGNED,
            "versions": list(queries.versions(report)[:20]),
            "below": below,
            "signed_below": sum(one.signed is not None for one in below),
            "is_late": report.due_on is not None and report.due_on < timezone.localdate(),
        }
        return render(request, "statistics/report/page.html", context | self.frame())

    def part(self, part: dict[str, Any]) -> dict[str, Any]:
        return {"title": part["title"], "blocks": [self.block(one) for one in part["blocks"]]}

    @staticmethod
    def has_rows(part: dict[str, Any]) -> bool:
        """A school has no units below: their appendix is left out, as on paper."""
        return any(block["kind"] != "units" or block["rows"] for block in part["blocks"])

    def block(self, block: dict[str, Any]) -> dict[str, Any]:
        kind, blocks = block["kind"], self.blocks
        made: dict[str, Any] = {"kind": kind, "title": block.get("title", ""), "text": block.get("text", "")}
        if kind == "sentence":
            made["pieces"] = pieces(blocks.named(block["text"]), blocks.figures)
            for piece in made["pieces"]:
                piece["url"] = self.figure_url(piece["code"]) if piece.get("figure") else ""
        elif kind == "prose":
            made |= {
                "key": block["key"],
                "hint": block.get("hint", ""),
                "as_heading": block.get("as_heading", False),
                "passage": self.passages.get(block["key"]),
            }
        elif kind == "table":
            made["lines"] = [self.line(code, figure) for code, figure in blocks.lines(block)]
        elif kind in ("breakdown", "chart"):
            made["rows"] = self.bars(block)
            made["url"] = self.figure_url(block["indicator"])
        elif kind == "units":
            made |= {"names": blocks.unit_names(block), "rows": self.units(block)}
        elif kind == "provided":
            made["said"] = blocks.content.get("provided", {}).get(block["code"])
        return made

    def units(self, block: dict[str, Any]) -> list[dict[str, Any]]:
        """Units below with their figures, each opening where the person may look at figures of that unit."""
        names, found = self.blocks.unit_names(block), []
        for unit_id, (name, values) in zip(self.blocks.unit_ids(), self.blocks.unit_rows(block), strict=True):
            opens = self.actor.can("indicators.view", unit_id)
            day = f"?ngay={self.report.as_of:%Y-%m-%d}"
            cells = [
                {
                    "name": names[i],
                    "words": words,
                    "url": reverse("indicators:unit", args=[block["indicators"][i], unit_id]) + day
                    if opens
                    else "",
                }
                for i, words in enumerate(values)
            ]
            found.append({"name": name, "cells": cells})
        return found

    def bars(self, block: dict[str, Any]) -> list[dict[str, Any]]:
        lines = self.blocks.content.get("breakdowns", {}).get(f"{block['indicator']}/{block['by']}", [])
        most = max((Decimal(value) for _label, value, _key in lines if value), default=Decimal(0))
        words = self.blocks.parts(block)
        return [
            {
                "label": label,
                "words": said,
                "value": value or 0,
                "most": most or 1,
                "url": self.figure_url(block["indicator"], block["by"], queries.line_key(key)),
            }
            for (label, said), (_same, value, key) in zip(words, lines, strict=True)
        ]

    def line(self, code: str, figure: dict[str, Any]) -> dict[str, Any]:
        return {
            "code": code,
            "figure": figure,
            # The unit stands in a column of its own.
            "words": figure_words(figure).removesuffix("%"),
            "computed": figure_words({**figure, "override": None}),
            "previous": number_words(figure["previous"], figure["decimals"]),
            "is_overridden": figure.get("override") is not None,
            "override": number_words(figure.get("override"), 4) if figure.get("override") is not None else "",
            "url": self.figure_url(code),
            "below": self.blocks.below(code),
        }


class TextSave(ReportBase):
    """Autosave of one passage; without htmx the whole page comes back.

    edition: the one that the author began with; decided: the one that the author saw in a conflict and writes over; seen:
    the one that the conflict on the page shows.
    """

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        said, is_part = request.POST, bool(request.headers.get("HX-Request"))
        edition = _edition(said.get("decided") or said.get("edition"))
        context: dict[str, Any] = {"report": self.report, "key": kwargs["key"], "edition": edition}
        given = {"by": self.actor, "report": self.report, "key": kwargs["key"], "text": said.get("text", "")}
        try:
            passage = actions.write_text(**given, edition=edition, now=timezone.now())
            context |= {"edition": passage.edition, "saved_at": passage.edited_at}
        except NotAllowed:
            raise Http404 from None
        except TextConflict as error:
            if is_part and said.get("seen") == str(error.edition):
                # Said already: the page stays as it is while the author goes on in the box.
                return HttpResponse(status=204)
            context["conflict"] = error
        except Refused as error:
            context["error"] = error.message
        if is_part:
            # htmx shows an answer of 200 only; what is refused is said in it.
            return render(request, "statistics/report/_saved.html", context)
        if "error" in context or "conflict" in context:
            page = "statistics/report/conflict.html"
            return render(request, page, context | self.frame(), status=409)
        return HttpResponseRedirect(f"{self.url()}#doan-{kwargs['key']}")


def _edition(said: str | None) -> int:
    return int(said) if said and said.isdecimal() and len(said) < 10 else -1


class Compare(ReportBase):
    """From a version to the report as it stands."""

    def get_title(self) -> Any:
        return _("So với phiên bản %(n)d") % {"n": self.kwargs["number"]}

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [*super().breadcrumbs(), (str(self.report), self.url())]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        old = queries.version(self.report, kwargs["number"])
        if old is None:
            raise Http404
        context = {"old": old, "difference": queries.difference(self.report, old), "report": self.report}
        return render(request, "statistics/report/compare.html", context | self.frame())


class ReportFile(ReportBase):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        kind, report = kwargs["kind"], self.report
        if kind not in FILES:
            raise Http404
        response = HttpResponse(queries.report_file(report, kind), content_type=FILES[kind])
        name = f"bao-cao-{FILE_NAMES[report.kind]}-{report.school_year.name}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
