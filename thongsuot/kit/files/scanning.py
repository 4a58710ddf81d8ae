"""An optional look for viruses: settings.FILES_SCANNER names a callable(file) that raises FileUnsafe.

`scan_with_clamd` speaks to ClamAV's daemon at settings.CLAMD ("host:port" or the path of its socket).
"""

from __future__ import annotations

import socket
from typing import BinaryIO

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from thongsuot.kit.files.types import FileRefused, FileUnsafe

CHUNK = 64 * 1024
TIMEOUT = 30


def scan(file: BinaryIO) -> None:
    """Run the scanner of the settings, if any; the file is left at its start."""
    scanner = getattr(settings, "FILES_SCANNER", "")
    if scanner:
        file.seek(0)
        import_string(scanner)(file)
    file.seek(0)


def scan_with_clamd(file: BinaryIO) -> None:
    """Raise FileUnsafe when ClamAV finds something, FileRefused when it cannot be asked (nothing passes
    unseen).
    """
    try:
        with _connect(getattr(settings, "CLAMD", "")) as link:
            link.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                link.sendall(len(chunk).to_bytes(4, "big") + chunk)
            link.sendall(b"\0\0\0\0")
            answer = link.recv(4096)
    except OSError as error:
        raise FileRefused(_("Chưa kiểm tra được mã độc của tệp. Hãy thử lại sau ít phút.")) from error
    if not answer.rstrip(b"\0").endswith(b"OK"):
        raise FileUnsafe(_("Tệp có mã độc, không được nhận."))


def _connect(place: str) -> socket.socket:
    if "/" in place:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(TIMEOUT)
        link.connect(place)
        return link
    host, _colon, port = place.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT)
