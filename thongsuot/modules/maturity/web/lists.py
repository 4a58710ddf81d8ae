"""Pages that list: assessments, teams, decisions, the register, appeals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import BulkAction, ListPage, PageLink

from .. import actions, queries
from ..types import AssessmentStep
from .tables import (
    AppealFilter,
    AppealTable,
    AssessmentFilter,
    AssessmentTable,
    DecisionTable,
    RegisterFilter,
    RegisterTable,
    TeamTable,
)


def _forward(*, by: Actor, rows: QuerySet[Any]) -> str:
    now, picked = timezone.now(), list(rows)
    for one in picked:
        actions.forward(by=by, assessment=one, now=now)
    said = ngettext("Đã gửi %(n)d phiếu lên Sở.", "Đã gửi %(n)d phiếu lên Sở.", len(picked))
    return said % {"n": len(picked)}


def _draft(*, by: Actor, rows: QuerySet[Any]) -> str:
    picked = list(rows)
    if len({one.round_id for one in picked}) > 1:
        raise AssessmentStep(_("Các phiếu phải cùng một năm học."))
    made = actions.draft_decision(
        by=by, round=picked[0].round, assessments=picked, today=timezone.localdate()
    )
    said = _("Đã lập dự thảo quyết định cho %(n)d đơn vị; mở ở mục Quyết định công nhận.")
    return said % {"n": made.recognitions.count()}


class AssessmentList(ListPage):
    title = gettext_lazy("Phiếu đánh giá chuyển đổi số")
    template_name = "maturity/assessments.html"
    right = "maturity.view"
    table_class = AssessmentTable
    filterset_class = AssessmentFilter
    search_folded = ("unit__name_fold",)
    search_hint = gettext_lazy("Tên trường, không cần dấu")
    detail_url = "maturity:assessment-detail"
    detail_key = "public_id"
    empty_title = gettext_lazy("Chưa có phiếu nào")
    empty_text = gettext_lazy("Phiếu xuất hiện khi trường bắt đầu tự đánh giá.")
    bulk_actions = (
        BulkAction("forward", gettext_lazy("Gửi lên Sở"), _forward, "maturity.forward", "send"),
        BulkAction("draft", gettext_lazy("Lập quyết định công nhận"), _draft, "maturity.assess", "award"),
    )

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.assessments(actor)

    def bulk(self) -> list[BulkAction]:
        """A button for each team of the present round stands beside the others."""
        found = super().bulk()
        round = queries.current_round()
        if round is None or not self.actor.can("maturity.assess"):
            return found
        return found + [self._assign(team) for team in queries.teams(self.actor, round)[:8]]

    def _assign(self, team: Any) -> BulkAction:
        def run(*, by: Actor, rows: QuerySet[Any]) -> str:
            number = actions.assign_team(by=by, assessments=list(rows), team=team, now=timezone.now())
            return _("Đã giao %(n)d phiếu cho %(team)s.") % {"n": number, "team": team.name}

        label = _("Giao %(team)s") % {"team": team.name}
        return BulkAction(f"team-{team.pk}", label, run, "maturity.assess", "users-group")

    def extra_context(self) -> dict[str, Any]:
        round = queries.current_round()
        if round is None:
            return {"round": None, "startable": []}
        begun = set(queries.own_assessments(self.actor, round).values_list("unit_id", flat=True))
        units = [unit for unit in queries.fillable_units(self.actor) if unit.pk not in begun]
        versions = list(queries.current_rubrics()) if units else []
        startable = [{"unit": unit, "rubrics": queries.rubrics_for(unit, versions)} for unit in units]
        return {"round": round, "startable": startable}

    def links(self) -> Sequence[PageLink]:
        found = [PageLink(_("Bộ chỉ số"), reverse("maturity:rubric-list"), "list-details")]
        if self.actor.can("maturity.assess"):
            found.append(PageLink(_("Đoàn đánh giá"), reverse("maturity:team-list"), "users-group"))
            found.append(PageLink(_("Đợt, hạn nộp"), reverse("maturity:round"), "calendar-due"))
        return found


class TeamList(ListPage):
    title = gettext_lazy("Đoàn đánh giá ngoài")
    right = "maturity.assess"
    table_class = TeamTable
    search_fields = ("name",)
    create_url = "maturity:team-create"
    create_right = "maturity.assess"
    create_label = gettext_lazy("Lập đoàn")
    detail_url = "maturity:team-edit"
    detail_key = "public_id"
    empty_title = gettext_lazy("Chưa có đoàn nào")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.teams(actor)

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [(_("Phiếu đánh giá"), reverse("maturity:assessment-list"))]


class DecisionList(ListPage):
    title = gettext_lazy("Quyết định công nhận")
    right = "maturity.assess"
    table_class = DecisionTable
    search_fields = ("symbol", "signer_name")
    detail_url = "maturity:decision-detail"
    detail_key = "public_id"
    empty_title = gettext_lazy("Chưa có quyết định nào")
    empty_text = gettext_lazy("Chọn các phiếu đã thống nhất kết quả rồi bấm “Lập quyết định công nhận”.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.decisions(actor)


class Register(ListPage):
    title = gettext_lazy("Sổ công nhận mức độ chuyển đổi số")
    right = "maturity.view"
    table_class = RegisterTable
    filterset_class = RegisterFilter
    search_folded = ("unit__name_fold",)
    search_hint = gettext_lazy("Tên trường, không cần dấu")
    empty_title = gettext_lazy("Chưa có kết quả nào được công nhận")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.register(actor)

    def row_url(self, record: Any) -> str | None:
        return reverse("maturity:assessment-detail", args=[record.assessment.public_id])

    def links(self) -> Sequence[PageLink]:
        return [PageLink(_("Trang công khai"), reverse("maturity:public"), "world")]


class AppealList(ListPage):
    title = gettext_lazy("Kiến nghị về kết quả")
    right = "maturity.view"
    table_class = AppealTable
    filterset_class = AppealFilter
    search_folded = ("unit__name_fold",)
    detail_url = "maturity:appeal-detail"
    detail_key = "public_id"
    empty_title = gettext_lazy("Không có kiến nghị nào")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return queries.appeals(actor)
