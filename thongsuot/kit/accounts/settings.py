"""Sign-in policy, imported by config.settings. Numbers come from the requirements in docs/adr/0010-sign-in.md."""

from __future__ import annotations

import environ

_env = environ.Env()
_demo = _env.bool("TS_DEMO", default=False)

# -- allauth ------------------------------------------------------------------------------------
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
