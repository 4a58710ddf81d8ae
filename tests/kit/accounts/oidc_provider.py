"""A real OpenID provider in a process of its own: python oidc_provider.py FOLDER REDIRECT_URI

allauth's, with a database file in FOLDER. Prints its port when it is ready; ends when its input closes.
Who may sign in there, with the password "provider", and what it says of them, is PEOPLE.
"""

import sys
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET, PASSWORD = "thongsuot", "a secret of two", "provider"
PEOPLE = {
    "an": {"email": "an@example.vn", "email_verified": True},
    "an-strong": {"email": "an@example.vn", "email_verified": True, "amr": ["pwd", "otp"]},
    "loose": {"email": "an@example.vn", "email_verified": False},
    "stranger": {"email": "la@example.vn", "email_verified": True},
    "citizen": {"personal_id": "an.nguyen"},
}


def configure(folder: Path) -> None:
    from django.conf import settings

    key = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    settings.configure(
        SECRET_KEY="provider",
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.sqlite3"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        USE_TZ=True,
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        ACCOUNT_LOGIN_METHODS={"username"},
        ACCOUNT_RATE_LIMITS=False,
        IDP_OIDC_ADAPTER=f"{__name__}.SaysOfPeople",
        IDP_OIDC_PRIVATE_KEY=key.decode(),
    )


def adapter() -> type:
    from allauth.idp.oidc.adapter import DefaultOIDCAdapter
    from django.contrib.auth import get_user_model

    class SaysOfPeople(DefaultOIDCAdapter):
        def get_user_sub(self, client, user):
            return f"sub-{user.username}"

        def get_user_by_sub(self, client, sub):
            return get_user_model().objects.filter(username=sub.removeprefix("sub-")).first()

        def get_claims(self, purpose, user, client, scopes, email=None, **kwargs):
            return {"sub": self.get_user_sub(client, user), **PEOPLE[user.username]}

    return SaysOfPeople


def fill(redirect_uri: str) -> None:
    from allauth.idp.oidc.models import Client
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for name in PEOPLE:
        get_user_model().objects.create_user(name, password=PASSWORD)
    client = Client(
        id=CLIENT,
        name="Thông Suốt",
        scopes="openid\nprofile\nemail",
        redirect_uris=redirect_uri,
        skip_consent=True,
    )
    client.set_secret(SECRET)
    client.save()


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def serve(folder: Path, redirect_uri: str) -> None:
    import django

    # Under the name by which the settings above speak of this file.
    configure(folder)
    django.setup()
    from django.core.wsgi import get_wsgi_application
    from django.urls import include, path

    here = sys.modules[__name__]
    here.SaysOfPeople = adapter()
    here.urlpatterns = [
        path("", include("allauth.idp.urls")),
        path("accounts/", include("allauth.account.urls")),
    ]
    fill(redirect_uri)
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.argv[2])
