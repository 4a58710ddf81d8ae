"""Who may open the papers that were attached to a recall."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from thongsuot.kit.accounts.types import Actor

from ..models import CivilChange, Recall, Transcript
from ..permissions import APPROVE_RECALL, PREPARE, VIEW, transcripts_visible, within


def may_open_recall_paper(actor: Actor, stored_file: Any) -> bool:
    """Whoever sent it, and whoever sees the recall; before it is attached only the first."""
    if actor.user_id is not None and stored_file.uploaded_by_id == actor.user_id:
        return True
    if not actor.can(VIEW):
        return False
    own = within(actor, PREPARE) if actor.reach_of(APPROVE_RECALL) is not None else Q()
    return (
        Recall.objects.filter(within(actor, VIEW), file_id=stored_file.pk).exists()
        or CivilChange.objects.filter(own, file_id=stored_file.pk).exists()
        or Transcript.objects.filter(transcripts_visible(actor), scan_id=stored_file.pk).exists()
    )
