"""Correcting a form: a new version of it, never a change of an old one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.text.vietnamese import clean_text

from ..domain.form import Form, FormFault
from ..domain.form_reading import check_forms
from ..models import FormVersion
from ..permissions import MANAGE
from ..queries.forms import form_versions, forms, read_form
from ..types import BadForm

LOCK_SPACE = 20261127


@transaction.atomic
def correct_form(
    *, by: Actor, form: Form, data: Mapping[str, Any], reason: str, now: datetime
) -> FormVersion:
    """A new version that new returns are made with; returns already made keep theirs.

    form: the version that was corrected. data: the whole form as JSON (data/forms/README.md); its code, slug and
    version cannot be changed. Raises NotAllowed without statistics.manage; BadForm or BadMeasure, naming row and cell,
    when it cannot be read, nothing is changed, no reason is given or somebody else has corrected it meanwhile.
    """
    if by.user_id is None or not by.can(MANAGE):
        raise NotAllowed(_("Anh/chị không có quyền sửa biểu thống kê."))
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, form.code])
    newest = form_versions(form.code)[0]
    if newest.version != form.version:
        raise BadForm(_("Biểu vừa được người khác sửa. Mở lại trang để xem bản mới rồi sửa tiếp."))
    words = clean_text(reason)
    if not words:
        raise BadForm(_("Cần ghi lý do, căn cứ của việc sửa."))
    version = newest.version + 1
    made = read_form({**data, "version": version}, form.code)
    if (made.code, made.slug) != (form.code, form.slug):
        raise BadForm(_("Ký hiệu và tên tắt của biểu không đổi được."))
    if {**data, "version": 0} == {**form.data, "version": 0}:
        raise BadForm(_("Chưa có gì thay đổi."))
    _check_beside_others(made, now)
    return FormVersion.objects.create(
        code=form.code,
        number=version,
        data={**data, "version": version},
        reason=words[:500],
        made_by_id=by.user_id,
        made_at=now,
    )


def _check_beside_others(made: Form, now: datetime) -> None:
    """Checks across forms, its own and those of others, still find their cells."""
    beside = [one for one in forms(now.date()) if one.code != made.code]
    try:
        check_forms([*beside, made])
    except FormFault as fault:
        raise BadForm(f"{fault.place}: {_(fault.said) % fault.values}") from fault
