"""From a key to the one who calls. Runs before the request's own transaction, so that a refused or failed
request counts too and two requests with one key do not wait for each other."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.api import keys
from thongsuot.kit.api.models import ApiToken
from thongsuot.kit.api.types import Caller, KeyUnknown, TooManyCalls
from thongsuot.kit.postgres.isolation import act_as

COUNT = """
    insert into api_apiusage as u (token_id, minute, count, last_used_at)
    values (%s, date_trunc('minute', now()), 1, now())
    on conflict (token_id) do update set
        count = case when u.minute = excluded.minute then u.count + 1 else 1 end,
        minute = excluded.minute,
        last_used_at = excluded.last_used_at
    returning count
"""


def calls_per_minute() -> int:
    return getattr(settings, "API_CALLS_PER_MINUTE", 300)


def identify(key: str) -> Caller:
    """The caller behind a key; raises KeyUnknown or TooManyCalls. Counts the call."""
    found = keys.parts(key)
    if found is None:
        raise KeyUnknown
    prefix, secret = found
    now = timezone.now()
    with act_as(Actor.system()):
        token = ApiToken.objects.select_related("user").filter(prefix=prefix).first()
        if token is None or not keys.same(token.digest, keys.digest(secret)):
            raise KeyUnknown
        if token.revoked_at or token.expires_at <= now or not token.user.is_active:
            raise KeyUnknown
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [token.pk])
            used = cursor.fetchone()[0]
        actor = import_string(settings.ACTOR_RESOLVER)(token.user)
    if used > calls_per_minute():
        raise TooManyCalls(wait=60 - now.second)
    return Caller(within(actor, frozenset(token.scopes)), prefix)


def within(actor: Actor, scopes: frozenset[str]) -> Actor:
    """The actor with only those rights that are among `scopes`. An appointment of which nothing is left goes
    altogether: its units would still be in reach."""
    cut = (replace(holding, rights=holding.rights & scopes) for holding in actor.holdings)
    return replace(actor, holdings=tuple(holding for holding in cut if holding.rights), acting_index=0)
