"""Rubrics: brought in from the files, corrected by people, never changed in place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.indicators import registry as indicators
from thongsuot.kit.text.vietnamese import clean_text

from ..domain.differences import differences
from ..domain.rubric import Rubric, parse
from ..models import RubricVersion
from ..permissions import can_manage_rubrics
from ..types import Origin, RubricFault

CALENDAR = "calendar.json"


def _require(by: Actor) -> None:
    if not can_manage_rubrics(by):
        raise NotAllowed(_("Anh/chị không có quyền sửa bộ chỉ số."))


@transaction.atomic
def load_rubrics(*, by: Actor, folder: Path, now: datetime) -> int:
    """Bring in each file of `folder` that has not been brought in yet; returns how many versions were made.

    A file newer than what people have corrected waits as a version that is not current (`adopt_version`). Raises
    NotAllowed, RubricFault naming the place, OSError.
    """
    _require(by)
    made = 0
    for path in sorted(folder.glob("*.json")):
        if path.name == CALENDAR:
            continue
        text = path.read_text(encoding="utf-8")
        body = json.loads(text)
        rubric = parse(body)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if RubricVersion.objects.filter(code=rubric.code, digest=digest).exists():
            continue
        newest = RubricVersion.objects.filter(code=rubric.code, is_current=True).first()
        spared = newest is not None and newest.origin == Origin.CORRECTION
        _write(by, rubric, body, now, origin=Origin.FILE, digest=digest, current=not spared)
        made += 1
    return made


def _write(
    by: Actor,
    rubric: Rubric,
    body: Mapping[str, Any],
    now: datetime,
    *,
    origin: str,
    current: bool,
    digest: str = "",
    reason: str = "",
) -> RubricVersion:
    versions = RubricVersion.objects.filter(code=rubric.code)
    number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    if current:
        versions.filter(is_current=True).update(is_current=False)
    return RubricVersion.objects.create(
        code=rubric.code,
        number=number,
        decision=rubric.decision,
        title=rubric.title,
        issued_on=rubric.issued_on,
        subject=rubric.subject,
        body=body,
        is_enabled=rubric.enabled,
        is_current=current,
        origin=origin,
        digest=digest,
        reason=reason,
        made_by_id=by.user_id,
        made_at=now,
    )


@transaction.atomic
def correct_rubric(
    *, by: Actor, version: RubricVersion, body: Mapping[str, Any], reason: str, now: datetime
) -> RubricVersion:
    """A new version in force for assessments that begin from now on; those begun keep theirs.

    Raises NotAllowed, RubricFault: no reason, nothing changed, somebody else has corrected meanwhile, or a body that
    makes no sense, or that takes a figure which nobody declares.
    """
    _require(by)
    current = RubricVersion.objects.select_for_update().filter(code=version.code, is_current=True).first()
    if current is None or current.pk != version.pk:
        raise RubricFault(_("Bộ chỉ số vừa được người khác sửa. Mở lại trang để xem bản mới rồi sửa tiếp."))
    words = clean_text(reason)
    if not words:
        raise RubricFault(_("Cần ghi lý do, căn cứ của việc sửa."), field="reason")
    rubric = parse(body)
    if rubric.code != version.code:
        raise RubricFault(_("Mã bộ chỉ số không đổi được."))
    if not differences(version.body, body):
        raise RubricFault(_("Chưa có gì thay đổi."))
    _refuse_unknown_sources(rubric)
    return _write(by, rubric, body, now, origin=Origin.CORRECTION, current=True, reason=words[:500])


def _refuse_unknown_sources(rubric: Rubric) -> None:
    """A figure that nobody declares would leave its item empty for ever, and nobody would know why."""
    for item in rubric.items():
        code = (item.source or {}).get("indicator")
        if code and indicators.get(str(code)) is None:
            said = _("Mục %(item)s: không có chỉ số nào mang mã “%(code)s”.")
            raise RubricFault(said % {"item": item.code, "code": code})


@transaction.atomic
def adopt_version(*, by: Actor, version: RubricVersion) -> RubricVersion:
    """Let new assessments begin by this version (one that a file brought, or an earlier one). Raises NotAllowed."""
    _require(by)
    RubricVersion.objects.select_for_update().filter(code=version.code, is_current=True).update(
        is_current=False
    )
    row = RubricVersion.objects.get(pk=version.pk)
    row.is_current = True
    row.save(update_fields=["is_current"])
    return row
