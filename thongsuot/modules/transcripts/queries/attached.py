"""Who may open the papers that were attached to a recall."""

from __future__ import annotations

from typing import Any

from thongsuot.kit.accounts.types import Actor

from ..models import Recall
from ..permissions import VIEW, within


def may_open_recall_paper(actor: Actor, stored_file: Any) -> bool:
    """Whoever sent it, and whoever sees the recall; before it is attached only the first."""
    if actor.user_id is not None and stored_file.uploaded_by_id == actor.user_id:
        return True
    return actor.can(VIEW) and Recall.objects.filter(within(actor, VIEW), file_id=stored_file.pk).exists()
