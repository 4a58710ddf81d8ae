"""Staff: posts at a school on a day."""
# ruff: noqa: S608 - tables and columns of this file only; values are parameters

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.indicators.facts import Dimension, FactTable, Kind, Params
from thongsuot.kit.indicators.types import DrillDown
from thongsuot.kit.pages.tables import Column, DateColumn, Table
from thongsuot.modules.organization import queries as organization

from ..models import Employment
from ..permissions import can_see_sensitive, rows_visible
from ..types import StaffGroup, StaffStatus
from .dimensions import (
    ETHNICITY,
    LEVEL_OF_GRADE,
    MINORITY,
    PLACE,
    PLACES,
    SCHOOL_LEVEL,
    SEX,
    holds,
    labelled,
    of_units,
    params,
    person,
    yes_no,
)


class PostTable(Table):
    full_name = Column(verbose_name=_("Họ và tên"), accessor="staff__full_name", order_by="staff__sort_key")
    group = Column(verbose_name=_("Vị trí"), accessor="get_group_display", order_by="group")
    unit = Column(verbose_name=_("Trường"), accessor="unit__name", order_by="unit__sort_key")
    valid_from = DateColumn(verbose_name=_("Từ ngày"))

    class Meta:
        fields = ("full_name", "group", "unit", "valid_from")


def _posts(actor: Actor, as_of: date) -> DrillDown:
    rows = Employment.objects.filter(rows_visible(actor)).select_related("staff", "unit")
    rows = rows.order_by("staff__sort_key", "pk")
    return DrillDown(rows, PostTable, "", _post_url, ("staff__full_name", "unit__name"))


def _post_url(post: Any) -> str | None:
    if post.staff.unit_id != post.unit_id:
        return None
    return reverse("registry:staff-detail", args=[post.staff.public_id])


def _meets(code_list: str) -> str:
    """The degree is in a list of the ministry (data/codes), as it stood on the day and as a user has corrected it."""
    return f"""t.degree in (
            select v.code from organization_codevalue v join organization_codelist l on l.id = v.code_list_id
            where l.code = '{code_list}' and (v.valid_from is null or v.valid_from <= %(day)s::date)
                and (v.valid_to is null or v.valid_to >= %(day)s::date))"""


def staff(as_of: date, unit_ids: Collection[int] | None) -> tuple[str, Params]:
    """Posts that run on the day. Level: that of the school; where it has several, of the highest grade that the person
    teaches, else the first. Standard degree: Luật Giáo dục 43/2019/QH14 Điều 72, by level; unknown without a degree."""
    level = f"""case when cardinality(p.levels) > 1 and w.grade is not null then {LEVEL_OF_GRADE.format("w.grade")}
            else p.levels[1] end"""
    sql = f"""
    select m.id as record_id, m.unit_id, m.staff_id, m."group" as post, m.status, nullif(m.position, '') as position,
        nullif(m.contract, '') as contract, nullif(t.degree, '') as degree, m.subjects[1] as subject,
        {level} as level, {person("t")}, t.has_digital_skills as digital_skills, t.is_party_member as party_member,
        extract(year from %(day)s::date)::int - extract(year from t.birth_date)::int as age,
        case when t.degree = '' then null
            when {level} = 'preschool' then {_meets("trinh_do_dat_chuan_mam_non")}
            else {_meets("trinh_do_dat_chuan_pho_thong")} end as meets_standard,
        p.commune, p.school_type
    from registry_employment m
    join registry_staff t on t.id = m.staff_id
    join {PLACES} p on p.unit_id = m.unit_id
    left join (
        select a.staff_id, a.unit_id, max(c.grade) as grade
        from registry_teachingassignment a join registry_schoolclass c on c.id = a.school_class_id
        where {holds("a.valid_from", "a.valid_to")} {of_units("a.unit_id", unit_ids)}
        group by a.staff_id, a.unit_id
    ) w on w.staff_id = m.staff_id and w.unit_id = m.unit_id
    where {holds("m.valid_from", "m.valid_to")} {of_units("m.unit_id", unit_ids)}"""
    return sql, params(as_of, unit_ids)


def _listed(name: str) -> Any:
    return lambda: dict(organization.code_values(name).values_list("code", "name"))


STAFF = FactTable(
    "registry.staff",
    _("Cán bộ, giáo viên, nhân viên"),
    (
        Dimension("post", _("Vị trí việc làm"), labels=labelled(StaffGroup)),
        Dimension("status", _("Trạng thái"), labels=labelled(StaffStatus)),
        Dimension("position", _("Chức vụ"), labels=_listed("chuc_vu"), is_closed=False),
        Dimension("contract", _("Hợp đồng"), labels=_listed("hinh_thuc_hop_dong"), is_closed=False),
        Dimension("degree", _("Trình độ chuyên môn"), labels=_listed("trinh_do_chuyen_mon"), is_closed=False),
        yes_no("meets_standard", _("Đạt chuẩn trình độ")),
        Dimension("subject", _("Môn dạy")),
        SCHOOL_LEVEL,
        SEX,
        ETHNICITY,
        MINORITY,
        yes_no("verified", _("Đã xác thực với CSDL dân cư")),
        yes_no("digital_skills", _("Đạt kỹ năng số cơ bản")),
        yes_no("party_member", _("Đảng viên")),
        Dimension("age", _("Tuổi"), Kind.INTEGER),
        Dimension("staff_id", _("Người"), Kind.INTEGER),
        *PLACE,
    ),
    staff,
    drill_down=_posts,
    may_open_sensitive=can_see_sensitive,
    sources=("registry_employment", "registry_staff", "registry_teachingassignment", "organization_school"),
)
