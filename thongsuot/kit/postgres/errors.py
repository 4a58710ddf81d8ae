"""What can go wrong with the embedded server, in words for whoever runs the machine."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path


class ServerError(Exception):
    """The embedded server cannot be used; the message (Vietnamese) says why and the way out."""


NO_SPACE = (
    "Ổ đĩa đã đầy: không còn đủ chỗ cho cơ sở dữ liệu ở {place}. Hãy giải phóng dung lượng (cần ít nhất "
    "200 MB) rồi chạy lại."
)
READ_ONLY = (
    "Ổ đĩa chứa {place} chỉ cho đọc. Hãy gắn lại ổ đĩa ở chế độ ghi, hoặc đặt TS_VAR sang thư mục khác."
)
NOT_WRITABLE = (
    "Không có quyền đọc ghi {place}. Hãy chạy bằng người dùng đã tạo ra thư mục đó, cấp quyền, hoặc đặt "
    "TS_VAR sang thư mục khác."
)
NO_SOCKET = (
    "Không tạo được socket của cơ sở dữ liệu. Hãy đặt TS_PG_SOCKET_DIR vào một thư mục ngắn, ghi được "
    "(ví dụ /run/thongsuot)."
)
BY_NUMBER = {
    errno.ENOSPC: NO_SPACE,
    errno.EDQUOT: NO_SPACE,
    errno.EROFS: READ_ONLY,
    errno.EACCES: NOT_WRITABLE,
    errno.EPERM: NOT_WRITABLE,
}
BY_TEXT = (
    ("no space left on device", NO_SPACE),
    ("check free disk space", NO_SPACE),
    ("disk quota exceeded", NO_SPACE),
    ("read-only file system", READ_ONLY),
    ("could not create any unix-domain sockets", NO_SOCKET),
    ("permission denied", NOT_WRITABLE),
)


@contextlib.contextmanager
def explained(place: Path) -> Iterator[None]:
    """Turn the system's refusal of a file or folder into a ServerError that names it and the way out."""
    try:
        yield
    except OSError as error:
        where = os.fsdecode(error.filename) if error.filename else str(place)
        template = BY_NUMBER.get(error.errno or 0)
        if template is None:
            raise ServerError(
                f"Không dùng được {where}: {error.strerror or error}. Hãy kiểm tra ổ đĩa, hoặc đặt TS_VAR "
                "sang thư mục khác."
            ) from error
        raise ServerError(template.format(place=where)) from error


def explain_output(output: str, *, place: Path, what: str) -> ServerError:
    """The reason in what initdb or the server wrote; the end of it when the reason is not a known one."""
    lowered = output.lower()
    for text, template in BY_TEXT:
        if text in lowered:
            return ServerError(template.format(place=place))
    return ServerError(f"{what} (thư mục {place}):\n{output.strip()[-2000:]}")
