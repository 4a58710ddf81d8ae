"""Tables of libraries, which cannot declare their own isolation: each listed here with its reason.

A table that is neither declared in its model nor listed here is reachable by its owner only (it fails
closed), and tests/house/test_isolation_declared.py names it.
"""

from __future__ import annotations

from dataclasses import dataclass

from thongsuot.kit.postgres.declarations import Anyone, ByUser, Isolation


@dataclass(frozen=True)
class Listed:
    """web_direct: right of the web role before anybody has signed in ("", "select", "write")."""

    isolation: Isolation
    web_direct: str = ""


def _sign_in(reason: str, *fields: str) -> Listed:
    # Read and written before there is an actor; once there is one, a person meets only their own rows.
    return Listed(ByUser(*fields) if fields else Anyone(reason), "write")


LISTED: dict[str, Listed] = {
    # Names only; looked up by every permission and generic key.
    "contenttypes.ContentType": Listed(Anyone("names of models"), "select"),
    "auth.Permission": Listed(Anyone("names of rights"), "select"),
    "auth.Group": Listed(Anyone("names of groups; unused"), "select"),
    "auth.Group_permissions": Listed(Anyone("names of rights"), "select"),
    "sites.Site": Listed(Anyone("name of this site"), "select"),
    # Found only by an unguessable key; there is no user column to go by.
    "sessions.Session": _sign_in("opaque, found by its random key"),
    "usersessions.UserSession": _sign_in("", "user"),
    "account.EmailAddress": _sign_in("", "user"),
    "account.EmailConfirmation": _sign_in("random keys of pending confirmations"),
    "mfa.Authenticator": _sign_in("", "user"),
    "socialaccount.SocialAccount": _sign_in("", "user"),
    "socialaccount.SocialApp": Listed(Anyone("settings of the identity providers"), "select"),
    "socialaccount.SocialApp_sites": Listed(Anyone("settings of the identity providers"), "select"),
    "socialaccount.SocialToken": _sign_in("tokens hang on the account, which is the person's own"),
    # Triggers write it in whoever's name; ids and addresses of pages, no field of a record.
    "pghistory.Context": Listed(Anyone("who changed something and on which page, by id"), "write"),
    # The worker takes jobs before it knows on whose behalf; jobs carry ids only.
    "procrastinate.ProcrastinateJob": Listed(Anyone("ids only; the queue's own machinery"), "write"),
    "procrastinate.ProcrastinateEvent": Listed(Anyone("states of jobs"), "write"),
    "procrastinate.ProcrastinatePeriodicDefer": Listed(Anyone("the timetable"), "write"),
    "procrastinate.ProcrastinateWorker": Listed(Anyone("which workers are alive"), "write"),
}

# Tables without a model that the web role reads: which migrations are applied.
READABLE_TABLES = ("django_migrations",)
