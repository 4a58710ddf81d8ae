from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.http import Http404

from tests.kit.people import actor_of, make_user
from thongsuot.kit.accounts.types import Actor, NotAllowed
from thongsuot.kit.api import calling, keys
from thongsuot.kit.api.actions import create_token, revoke_token
from thongsuot.kit.api.models import ApiToken, ApiUsage
from thongsuot.kit.api.types import KeyRefused, KeyUnknown, TooManyCalls
from thongsuot.kit.postgres.isolation import act_as

pytestmark = pytest.mark.django_db
TODAY = date.today()


def resolve(user, *, acting_index=0) -> Actor:
    """Two appointments: one sees unit 1, one sees units 2 and 3."""
    one = actor_of(user, "api.token", "tests.read", "tests.write", reach={1})
    two = actor_of(user, "tests.other", reach={2, 3})
    return replace(one, holdings=one.holdings + two.holdings)


@pytest.fixture(autouse=True)
def _resolver(settings):
    settings.ACTOR_RESOLVER = "tests.kit.api.test_keys.resolve"


def made(user, *scopes, expires_on=TODAY):
    actor = resolve(user)
    with act_as(actor):
        return create_token(by=actor, name="Phần mềm A", scopes=scopes, expires_on=expires_on, today=TODAY)


def test_a_key_acts_with_the_rights_that_both_it_and_its_owner_have():
    user = make_user()
    key = made(user, "tests.read")
    caller = calling.identify(key.secret)
    assert (caller.actor.user_id, caller.actor.rights, caller.actor.reach) == (
        user.pk,
        frozenset({"tests.read"}),
        frozenset({1}),
    )
    token = ApiToken.objects.get()
    assert key.secret.startswith(f"ts_{token.prefix}_")
    assert token.digest not in key.secret
    assert calling.identify(made(user, "tests.other").secret).actor.reach == {2, 3}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"scopes": []}, KeyRefused),
        ({"scopes": ["tests.unknown"]}, KeyRefused),
        ({"scopes": ["api.token"]}, KeyRefused),
        ({"name": " "}, KeyRefused),
        ({"expires_on": TODAY - timedelta(days=1)}, KeyRefused),
        ({"expires_on": TODAY + timedelta(days=400)}, KeyRefused),
    ],
)
def test_keys_that_are_not_made(changes, refusal):
    actor = resolve(make_user())
    asked = {"name": "A", "scopes": ["tests.read"], "expires_on": TODAY, **changes}
    with pytest.raises(refusal):
        create_token(by=actor, today=TODAY, **asked)
    with pytest.raises(NotAllowed):
        create_token(by=actor_of(make_user(), "tests.read"), today=TODAY, **asked)


def test_keys_that_open_nothing():
    user = make_user()
    key = made(user, "tests.read").secret
    wrong = key[:-1] + ("a" if key[-1] != "a" else "b")
    for unknown in ("", "x", wrong, "ts_00000000_" + "a" * 43):
        with pytest.raises(KeyUnknown):
            calling.identify(unknown)
    token = ApiToken.objects.get()
    for changes in ({"expires_at": token.created_at}, {"revoked_at": token.created_at}):
        ApiToken.objects.filter(pk=token.pk).update(**changes)
        with pytest.raises(KeyUnknown):
            calling.identify(key)
        ApiToken.objects.filter(pk=token.pk).update(expires_at=token.expires_at, revoked_at=None)
    calling.identify(key)
    user.is_active = False
    user.save()
    with pytest.raises(KeyUnknown):
        calling.identify(key)


def test_a_key_is_good_until_the_end_of_its_day():
    made(make_user(), "tests.read", expires_on=date(TODAY.year, 12, 31))
    assert ApiToken.objects.get().expires_at.isoformat() == f"{TODAY.year}-12-31T17:00:00+00:00"


def test_calls_are_counted_by_the_minute(settings):
    settings.API_CALLS_PER_MINUTE = 2
    key = made(make_user(), "tests.read").secret
    calling.identify(key)
    calling.identify(key)
    with pytest.raises(TooManyCalls) as caught:
        calling.identify(key)
    assert 0 < caught.value.wait <= 60
    usage = ApiUsage.objects.get()
    assert usage.count == 3
    ApiUsage.objects.update(minute=usage.minute - timedelta(minutes=1))
    calling.identify(key)
    assert ApiUsage.objects.get().count == 1


def test_only_ones_own_key_can_be_revoked():
    user, other = make_user(), make_user()
    token_id = made(user, "tests.read").token_id
    with act_as(resolve(other)), pytest.raises(Http404):
        revoke_token(by=resolve(other), token_id=token_id)
    with act_as(resolve(user)):
        revoke_token(by=resolve(user), token_id=token_id)
        first = ApiToken.objects.get().revoked_at
        revoke_token(by=resolve(user), token_id=token_id)
    assert ApiToken.objects.get().revoked_at == first


def test_keys_look_like_keys():
    secret, prefix, digest = keys.new_key()
    assert keys.parts(secret) == (prefix, secret.split("_", 2)[2])
    assert keys.digest(keys.parts(secret)[1]) == digest
