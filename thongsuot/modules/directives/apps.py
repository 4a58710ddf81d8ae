from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectivesConfig(AppConfig):
    name = "thongsuot.modules.directives"
    label = "directives"
    verbose_name = "Chỉ đạo"

    def ready(self) -> None:
        from thongsuot.kit.files import registry as files
        from thongsuot.kit.files.types import DOCX, MARKDOWN, PDF, TEXT
        from thongsuot.kit.indicators.registry import register_goals
        from thongsuot.kit.notify.registry import register_kind
        from thongsuot.kit.notify.types import Way
        from thongsuot.modules.statistics.queries import register_report_part

        from .indicators import register_all
        from .queries.attached import may_open_evidence, may_open_source
        from .queries.goals import goals_of
        from .queries.in_reports import results_in_report

        readable = frozenset({DOCX, PDF, TEXT, MARKDOWN})
        files.register_access("directives.source", may_open_source, content_types=readable)
        files.register_access("directives.evidence", may_open_evidence)
        register_kind("directives.assigned", _("Được giao nhiệm vụ"))
        register_kind("directives.submitted", _("Cấp dưới nộp kết quả, xin gia hạn"))
        register_kind("directives.decided", _("Kết quả được duyệt, trả lại, gia hạn"))
        register_kind("directives.difficulty", _("Khó khăn, vướng mắc cần giải quyết"))
        register_kind("directives.reports", _("Báo cáo được nộp, duyệt, trả lại"), default=Way.IN_APP)
        register_kind("directives.reminder", _("Nhắc hạn nhiệm vụ và báo cáo"))
        register_all()
        register_goals(goals_of)
        register_report_part("directives", results_in_report)
