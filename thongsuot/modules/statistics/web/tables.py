from django.utils.translation import gettext_lazy as _

from thongsuot.kit.pages.tables import Column, DateColumn, Table


class RunTable(Table):
    at = Column(verbose_name=_("Tính lúc"))
    kind = Column(verbose_name=_("Cách tính"), accessor="get_kind_display", order_by=("kind",))
    as_of = DateColumn(verbose_name=_("Tính đến ngày"))
    units = Column(verbose_name=_("Số đơn vị"))
    rows_read = Column(verbose_name=_("Số dòng đã đọc"))
    difference_count = Column(verbose_name=_("Số chênh lệch"))

    class Meta:
        fields = ("at", "kind", "as_of", "units", "rows_read", "difference_count")
