"""Sites of a school (điểm trường)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.text.vietnamese import clean_text

from ..models import School, SchoolSite
from ..permissions import can_edit_details


def _require(by: Actor, school: School) -> None:
    if not can_edit_details(by, school.unit):
        raise NotAllowed(_("Anh/chị không có quyền sửa điểm trường này."))


@transaction.atomic
def add_site(
    *, by: Actor, school: School, name: str, address: str, valid_from: date, is_main: bool = False
) -> SchoolSite:
    """A site in use from `valid_from`; a new main site takes the place of the old one. Raises NotAllowed,
    Refused (no name).
    """
    _require(by, school)
    if not clean_text(name):
        raise Refused(_("Cần tên điểm trường."))
    if is_main:
        school.sites.filter(is_main=True).update(is_main=False)
    return SchoolSite.objects.create(
        school=school,
        name=clean_text(name),
        address=clean_text(address),
        is_main=is_main,
        valid_from=valid_from,
    )


@transaction.atomic
def update_site(*, by: Actor, site: SchoolSite, name: str, address: str, is_main: bool) -> SchoolSite:
    """Raises NotAllowed, Refused (no name; the main site is replaced by naming another, not by unnaming
    it).
    """
    _require(by, site.school)
    if not clean_text(name):
        raise Refused(_("Cần tên điểm trường."))
    if site.is_main and not is_main:
        raise Refused(_("Mỗi trường có một điểm chính: hãy chọn điểm khác làm điểm chính."))
    if is_main and not site.is_main:
        site.school.sites.filter(is_main=True).update(is_main=False)
    site.name, site.address, site.is_main = clean_text(name), clean_text(address), is_main
    site.save()
    return site


@transaction.atomic
def close_site(*, by: Actor, site: SchoolSite, on: date) -> SchoolSite:
    """In use for the last time on `on`. Raises NotAllowed, Refused (main site; before it began)."""
    _require(by, site.school)
    if site.is_main:
        raise Refused(_("Không đóng được điểm chính của trường."))
    if on < site.valid_from:
        raise Refused(_("Ngày đóng sớm hơn ngày bắt đầu."))
    site.valid_to = on
    site.save(update_fields=["valid_to"])
    return site
