"""Addresses of sign-in: allauth's own names, and ours under `accounts:`."""

from django.urls import include, path
from django.views.generic import RedirectView

from thongsuot.kit.accounts import oidc
from thongsuot.kit.accounts.web import urls as own

urlpatterns = [
    path("", include((own.urlpatterns, "accounts"))),
    path("", include("allauth.account.urls")),
    path("hai-lop/", include("allauth.mfa.urls")),
    path("phien/", include("allauth.usersessions.urls")),
    # Identities are tied by a verified address when somebody comes in; there is nothing to manage by hand.
    path(
        "lien-ket/", RedirectView.as_view(pattern_name="accounts:security"), name="socialaccount_connections"
    ),
    path("lien-ket/", include("allauth.socialaccount.urls")),
    # allauth's names and addresses, our checks.
    path("oidc/<slug:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
]
