"""Pages that list: directives, assignments, targets, reports owed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ListPage, PageLink

from ..queries.assignments import assignments
from ..queries.directives import directives
from ..queries.reports import obligations
from ..queries.standing import matching
from ..queries.targets import targets
from .filters import AssignmentFilter, DirectiveFilter, ObligationFilter, TargetFilter
from .tables import AssignmentTable, DirectiveTable, ObligationTable, TargetTable


class DirectivesListPage(ListPage):
    """With the script of the unit picker."""

    template_name = "directives/list.html"


class DirectiveList(DirectivesListPage):
    title = _("Văn bản chỉ đạo")
    right = "directives.view"
    table_class = DirectiveTable
    filterset_class = DirectiveFilter
    search_folded = ("subject_fold",)
    search_fields = ("number", "issuer")
    search_hint = _("Số, ký hiệu, trích yếu, cơ quan ban hành")
    detail_url = "directives:directive-detail"
    detail_key = "public_id"
    create_url = "directives:directive-upload"
    create_right = "directives.import"
    create_label = _("Đưa văn bản vào")
    empty_title = _("Chưa có văn bản nào")
    empty_text = _("Đưa tệp văn bản vào, hệ thống tìm nhiệm vụ, chỉ tiêu và chế độ báo cáo trong đó.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return directives(actor)

    def row_url(self, record: Any) -> str | None:
        return reverse("directives:directive-detail", args=[record.public_id])


class AssignmentList(DirectivesListPage):
    title = _("Nhiệm vụ")
    right = "directives.view"
    table_class = AssignmentTable
    filterset_class = AssignmentFilter
    search_hint = _("Từ trong nhiệm vụ, không cần dấu")
    detail_url = "directives:assignment-detail"
    detail_key = "public_id"
    create_url = "directives:assignment-create"
    create_right = "directives.assign"
    create_label = _("Giao nhiệm vụ")
    empty_title = _("Chưa có nhiệm vụ nào")
    empty_text = _("Nhiệm vụ xuất hiện ở đây khi văn bản được xác nhận hoặc khi có người giao.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        # Searched here by the index of words, where the general search would read every row.
        return matching(assignments(actor, today=timezone.localdate()), self.request.GET.get("q", ""))

    def search_on(self) -> bool:
        return True

    def pages_by_keys(self) -> bool:
        # Tasks of some units are found among those of all units, which is most of the work.
        return self.actor.reach is not None

    def links(self) -> Sequence[PageLink]:
        if not self.actor.can("directives.dashboard"):
            return []
        return [PageLink(_("Tổng quan"), reverse("directives:dashboard"), "layout-dashboard")]


class TargetList(DirectivesListPage):
    title = _("Chỉ tiêu")
    right = "directives.view_unit"
    table_class = TargetTable
    filterset_class = TargetFilter
    search_folded = ("text_fold",)
    search_hint = _("Từ trong chỉ tiêu, không cần dấu")
    detail_url = "directives:target-detail"
    detail_key = "public_id"
    empty_title = _("Chưa có chỉ tiêu nào")
    empty_text = _("Chỉ tiêu xuất hiện ở đây khi văn bản giao chỉ tiêu được xác nhận.")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return targets(actor)


class ObligationList(DirectivesListPage):
    title = _("Báo cáo phải nộp")
    right = "directives.view_unit"
    table_class = ObligationTable
    filterset_class = ObligationFilter
    search_fields = ("duty__what",)
    search_hint = _("Tên báo cáo, không cần dấu")
    detail_url = "directives:obligation-detail"
    detail_key = "public_id"
    create_url = "directives:duty-create"
    create_right = "directives.assign"
    create_label = _("Đặt chế độ báo cáo")
    empty_title = _("Không có báo cáo nào phải nộp")

    def query(self, actor: Actor) -> QuerySet[Any]:
        return obligations(actor, today=timezone.localdate())

    def links(self) -> Sequence[PageLink]:
        return [PageLink(_("Lịch"), reverse("directives:calendar"), "calendar")]
