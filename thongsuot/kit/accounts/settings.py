"""Sign-in policy, imported by config.settings (docs/adr/0010-sign-in.md). Numbers: TCVN 14423:2026.

TS_DEMO lengthens the sessions and asks nobody for a second factor, so that a demo can be shown; every
number can be set by itself through its own variable.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import environ

_env = environ.Env()
_demo = _env.bool("TS_DEMO", default=False)
_local = _env.str("TS_BASE_URL", default="http://localhost:8000").startswith(
    ("http://localhost", "http://127.0.0.1")
)

# -- sessions, in seconds ---------------------------------------------------------------------------
SESSION_IDLE_LIMIT = _env.int("TS_SESSION_IDLE", default=8 * 3600 if _demo else 15 * 60)
SESSION_IDLE_LIMIT_ADMIN = _env.int("TS_SESSION_IDLE_ADMIN", default=8 * 3600 if _demo else 5 * 60)
SESSION_ABSOLUTE_LIMIT = _env.int("TS_SESSION_ABSOLUTE", default=12 * 3600)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_LIMIT
ADMIN_RIGHT = "accounts.manage"

# -- wrong sign-ins: so many in the window lock the account for a while --------------------------------
LOCKOUT_FAILURES = _env.int("TS_LOCKOUT_FAILURES", default=5)
LOCKOUT_WINDOW = _env.int("TS_LOCKOUT_WINDOW", default=15 * 60)
LOCKOUT_DURATION = _env.int("TS_LOCKOUT_DURATION", default=15 * 60)

# -- passwords ----------------------------------------------------------------------------------------
PASSWORD_LENGTH_ALONE = 14
PASSWORD_LENGTH_WITH_MFA = 8
PASSWORD_MAX_DAYS_ADMIN = _env.int("TS_PASSWORD_MAX_DAYS_ADMIN", default=0 if _demo else 60)
PASSWORD_REMEMBERED = 10
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "thongsuot.kit.accounts.passwords.StrengthValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "thongsuot.kit.accounts.passwords.NotUsedBeforeValidator"},
]

# -- second factor: "none", "admin" (whoever manages accounts), "staff" (all but parents and pupils) ----
MFA_REQUIRED = _env.str("TS_MFA_REQUIRED", default="none" if _demo else "admin")
MFA_EXEMPT_ROLES = frozenset({"parent", "pupil"})
ACCOUNT_IDLE_DAYS = _env.int("TS_ACCOUNT_IDLE_DAYS", default=45)

DEMO_ACCOUNTS_PROVIDER = "thongsuot.modules.organization.queries.demo_accounts"

# -- allauth ------------------------------------------------------------------------------------------
ACCOUNT_ADAPTER = "thongsuot.kit.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Thông Suốt] "
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# Name of the page where whoever holds a slip opens an account; "" where there is none.
ACCOUNT_FIRST_VISIT_PAGE = ""
ACCOUNT_FORMS = {
    "login": "thongsuot.kit.accounts.forms.SignInForm",
}
# Behind our proxy the address is what the proxy saw; else everybody would share one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _env.bool("TS_BEHIND_PROXY", default=False) else 0
# Counted in memory, by address: a whole school goes out through one, so the limits are wide. The lock of an
# account is kept in the database and is the one that counts.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,10/5m/key",
    "reset_password": "20/m/ip,3/10m/key",
    # Codes of families on a first visit, right and wrong: 50 bits each, so that width costs nothing.
    "family_code": "60/h/ip",
    "desk_signing": "60/h/ip",
}
MFA_ADAPTER = "thongsuot.kit.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {"authenticate": "thongsuot.kit.accounts.forms.CodeForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Thong Suot"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
# A passkey stands for both factors only when its owner had to prove who they are (finger, face, PIN).
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _local
USERSESSIONS_TRACK_ACTIVITY = False

# -- single sign-on by OpenID Connect (VNeID, the province's own) ------------------------------------------
SOCIALACCOUNT_ADAPTER = "thongsuot.kit.accounts.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_CLAIM = _env.str("TS_OIDC_CLAIM", default="email")
OIDC_FIELD = _env.str("TS_OIDC_FIELD", default="email")
# Whether the provider's own second factor stands for ours: "amr" (when its token says so), "always", "never".
OIDC_SECOND_FACTOR = _env.str("TS_OIDC_SECOND_FACTOR", default="amr")
_oidc_server = _env.str("TS_OIDC_SERVER", default="")
# The button on our sign-in page posts to us and is led on to the provider: the browser has to be told.
OIDC_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(_oidc_server))] if _oidc_server else []
OIDC_ORIGINS += _env.list("TS_OIDC_ORIGINS", default=[])
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "thongsuot.kit.accounts.oidc.Provider",
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": _env.list("TS_OIDC_SCOPE", default=["openid", "profile", "email"]),
        "APPS": [
            {
                "provider_id": _env.str("TS_OIDC_ID", default="sso"),
                "name": _env.str("TS_OIDC_NAME", default="VNeID"),
                "client_id": _env.str("TS_OIDC_CLIENT_ID", default=""),
                "secret": _env.str("TS_OIDC_SECRET", default=""),
                "settings": {"server_url": _oidc_server},
            }
        ]
        if _oidc_server
        else [],
    }
}
