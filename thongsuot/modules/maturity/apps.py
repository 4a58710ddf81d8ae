from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MaturityConfig(AppConfig):
    name = "thongsuot.modules.maturity"
    label = "maturity"
    verbose_name = "Mức độ chuyển đổi số"

    def ready(self) -> None:
        from thongsuot.kit.files import registry as files
        from thongsuot.kit.files.types import PDF
        from thongsuot.kit.notify.registry import register_kind

        from .queries.attached import may_open_decision, may_open_evidence

        files.register_access("maturity.evidence", may_open_evidence)
        files.register_access("maturity.decision", may_open_decision, content_types=frozenset({PDF}))
        register_kind(
            "maturity.step", _("Phiếu đánh giá chuyển đổi số: nộp, trả lại, đánh giá ngoài, công nhận")
        )
        register_kind("maturity.reminder", _("Nhắc hạn đánh giá chuyển đổi số"))
