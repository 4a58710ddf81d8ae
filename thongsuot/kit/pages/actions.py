"""Writes of what a person keeps about lists. Everybody may write their own, nobody another's."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor, NotAllowed, Refused
from thongsuot.kit.pages.models import ListPreference, SavedFilter
from thongsuot.kit.text.vietnamese import clean_text

MOST_FILTERS = 50


class FilterRefused(Refused):
    code = "filter_refused"


@transaction.atomic
def save_filter(*, by: Actor, page: str, name: str, query: str, is_default: bool = False) -> SavedFilter:
    """Keep `query` ("q=an&kind=school") of a page under a name; a name that is there already is overwritten.

    Raises FilterRefused without a name, or when the person keeps too many.
    """
    user_id = _person(by)
    name = clean_text(name)[:80]
    if not name:
        raise FilterRefused(_("Hãy đặt tên cho bộ lọc."), field="name")
    own = SavedFilter.objects.filter(user_id=user_id, page=page)
    if not own.filter(name=name).exists() and own.count() >= MOST_FILTERS:
        raise FilterRefused(_("Trang này đã có quá nhiều bộ lọc. Hãy xóa bớt."))
    if is_default:
        own.filter(is_default=True).update(is_default=False)
    saved, _created = own.update_or_create(
        user_id=user_id, page=page, name=name, defaults={"query": query, "is_default": is_default}
    )
    return saved


@transaction.atomic
def change_filter(*, by: Actor, saved: SavedFilter, name: str, is_default: bool) -> SavedFilter:
    """Rename a filter or make it the one that opens with its page.

    Raises NotAllowed for another's, FilterRefused when the name is empty or taken.
    """
    _require_owner(by, saved)
    name = clean_text(name)[:80]
    own = SavedFilter.objects.filter(user_id=saved.user_id, page=saved.page).exclude(pk=saved.pk)
    if not name or own.filter(name=name).exists():
        raise FilterRefused(_("Tên bộ lọc đang trống hoặc đã có."), field="name")
    if is_default:
        own.filter(is_default=True).update(is_default=False)
    saved.name, saved.is_default = name, is_default
    saved.save(update_fields=["name", "is_default"])
    return saved


def delete_filter(*, by: Actor, saved: SavedFilter) -> None:
    """Forget a filter. Raises NotAllowed for another's."""
    _require_owner(by, saved)
    saved.delete()


def choose_columns(
    *, by: Actor, page: str, columns: Sequence[str], page_size: int | None = None
) -> ListPreference:
    """Keep the columns (names, none = those of the list itself) and the rows per page of a list."""
    user_id = _person(by)
    row, _created = ListPreference.objects.update_or_create(
        user_id=user_id, page=page, defaults={"columns": list(columns), "page_size": page_size}
    )
    return row


def _person(by: Actor) -> int:
    if by.user_id is None:
        raise NotAllowed(_("Chỉ người đã đăng nhập mới lưu được."))
    return by.user_id


def _require_owner(by: Actor, saved: SavedFilter) -> None:
    if by.user_id is None or saved.user_id != by.user_id:
        raise NotAllowed(_("Bộ lọc này của người khác."))
