"""What can go wrong with the embedded server, in words for whoever runs the machine."""

from __future__ import annotations


class ServerError(Exception):
    """The embedded server cannot be used; the message (Vietnamese) says why and the way out."""


NO_SPACE = "Ổ đĩa đã đầy: không còn chỗ cho cơ sở dữ liệu ở {place}. Hãy giải phóng dung lượng rồi chạy lại."
READ_ONLY = (
    "Ổ đĩa chứa {place} chỉ cho đọc. Hãy gắn lại ổ đĩa ở chế độ ghi, hoặc đặt TS_VAR sang thư mục khác."
)
NOT_WRITABLE = (
    "Không ghi được vào {place} với người dùng {user}. Hãy cấp quyền ghi, hoặc đặt TS_VAR sang thư mục khác."
)


def explain_os_error(error: OSError, *, place: object, user: str) -> ServerError:
    """Turn an operating system's refusal into a message that names the place and the way out."""
    import errno

    templates = {
        errno.ENOSPC: NO_SPACE,
        errno.EDQUOT: NO_SPACE,
        errno.EROFS: READ_ONLY,
        errno.EACCES: NOT_WRITABLE,
        errno.EPERM: NOT_WRITABLE,
    }
    template = templates.get(error.errno or 0)
    if template is None:
        return ServerError(f"Không dùng được thư mục {place}: {error.strerror or error}.")
    return ServerError(template.format(place=place, user=user))


def explain_output(output: str, *, place: object, user: str) -> str | None:
    """The known reason in what initdb or the server wrote, or None when it is not a known one."""
    lowered = output.lower()
    if "no space left on device" in lowered or "disk quota exceeded" in lowered:
        return NO_SPACE.format(place=place, user=user)
    if "read-only file system" in lowered:
        return READ_ONLY.format(place=place, user=user)
    if "could not create unix" in lowered or "could not create any unix-domain sockets" in lowered:
        return (
            "Không tạo được socket của cơ sở dữ liệu. Hãy đặt TS_PG_SOCKET_DIR vào một thư mục ngắn, ghi được "
            "và riêng tư (ví dụ /run/thongsuot)."
        )
    if "could not bind" in lowered and "in use" in lowered:
        return "Socket của cơ sở dữ liệu đang bị chương trình khác giữ. Hãy đặt TS_PG_SOCKET_DIR sang thư mục khác."
    if "permission denied" in lowered:
        return NOT_WRITABLE.format(place=place, user=user)
    return None
