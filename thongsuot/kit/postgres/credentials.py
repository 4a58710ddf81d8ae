"""Names and passwords of the embedded server's roles, in a 0600 file: it trusts nobody without a password."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from thongsuot.kit.postgres.errors import ServerError
from thongsuot.kit.postgres.home import write_private

ADMIN_ROLE = "postgres"
OWNER_ROLE = "thongsuot_owner"
DATABASE = "thongsuot"


@dataclass(frozen=True)
class Credentials:
    """Passwords of the superuser (used by the server's own set-up only), the owner and the web role."""

    admin_password: str = field(repr=False)
    owner_password: str = field(repr=False)
    web_password: str = field(repr=False)


def read_credentials(path: Path) -> Credentials | None:
    try:
        return Credentials(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, TypeError) as error:
        raise ServerError(f"Tệp {path} bị hỏng; hãy khôi phục nó từ bản sao lưu.") from error


def new_credentials() -> Credentials:
    return Credentials(*(secrets.token_urlsafe(24) for _ in range(3)))


def save_credentials(path: Path, credentials: Credentials) -> None:
    write_private(path, json.dumps(asdict(credentials), indent=1))
