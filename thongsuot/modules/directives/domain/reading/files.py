"""Which kind of file it is (by content, then by name), and a refusal that helps when it is none of ours."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

from .document import ReadDocument, UnreadableFile
from .plain import read_text

MAX_BYTES = 50 * 1024 * 1024
MAX_CHARS = 2_000_000  # some 600 pages; no order is as long
MAX_UNPACKED = 200 * 1024 * 1024  # of XML: a thousand pages are about ten
_HELP = "Hãy mở tệp bằng Word rồi chọn “Lưu thành” định dạng .docx (hoặc .pdf), sau đó tải lên lại."
_OTHER_FORMATS = {
    ".doc": "Tệp Word đời cũ (.doc) chưa đọc được.",
    ".odt": "Tệp OpenDocument (.odt) chưa đọc được.",
    ".rtf": "Tệp .rtf chưa đọc được.",
    ".xls": "Tệp bảng tính không phải văn bản chỉ đạo.",
    ".xlsx": "Tệp bảng tính không phải văn bản chỉ đạo.",
    ".ods": "Tệp bảng tính không phải văn bản chỉ đạo.",
    ".pptx": "Tệp trình chiếu chưa đọc được.",
    ".ppt": "Tệp trình chiếu chưa đọc được.",
    ".html": "Tệp trang web (.html) chưa đọc được.",
    ".zip": "Đây là tệp nén; hãy giải nén và tải lên từng văn bản.",
    ".rar": "Đây là tệp nén; hãy giải nén và tải lên từng văn bản.",
    ".7z": "Đây là tệp nén; hãy giải nén và tải lên từng văn bản.",
}
_IMAGE = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")


def read_file(source: str | os.PathLike[str] | bytes, filename: str | None = None) -> ReadDocument:
    """Read a directive. `source` is a path or the bytes; `filename` gives the name of bytes.

    Raises UnreadableFile (message in Vietnamese) for a scan, an encrypted, damaged, empty or endless file,
    and for a format that is not read.
    """
    if isinstance(source, bytes):
        data, name = source, filename or ""
    else:
        path = Path(source)
        name = filename or path.name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UnreadableFile(f"Không mở được tệp “{name}”. Hãy kiểm tra tên tệp và quyền đọc.") from error
    if not data.strip(b"\x00 \r\n\t"):
        raise UnreadableFile("Tệp rỗng, không có nội dung. Hãy kiểm tra lại tệp trước khi tải lên.")
    if len(data) > MAX_BYTES:
        raise UnreadableFile("Tệp lớn hơn 50 MB. Hãy tách phụ lục ra hoặc giảm dung lượng ảnh trong tệp.")
    document = _dispatch(data, Path(name).suffix.lower())
    if sum(map(len, document.lines)) > MAX_CHARS:
        raise UnreadableFile(
            "Văn bản dài trên 600 trang. Hãy tách riêng phần cần giao nhiệm vụ rồi tải lên lại."
        )
    return document


def _dispatch(data: bytes, suffix: str) -> ReadDocument:
    if b"%PDF-" in data[:1024]:
        from .pdf import read_pdf

        return read_pdf(data)
    if data[:4] == b"PK\x03\x04":
        return _zipped(data, suffix)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        if _is_encrypted_office(data):
            raise UnreadableFile("Tệp Word có mật khẩu. Hãy mở tệp, bỏ mật khẩu bảo vệ rồi tải lên lại.")
        raise UnreadableFile("Tệp Word đời cũ (.doc) chưa đọc được. " + _HELP)
    if data[:5] == b"{\\rtf" or suffix in _OTHER_FORMATS:
        raise UnreadableFile(_OTHER_FORMATS.get(suffix, _OTHER_FORMATS[".rtf"]) + " " + _HELP)
    if data.startswith(_IMAGE):
        raise UnreadableFile(
            "Tệp là ảnh chụp, không có chữ để đọc. Hãy xin bản .docx hoặc .pdf có lớp chữ của văn bản."
        )
    if suffix in (".docx", ".pdf"):
        raise UnreadableFile(
            f"Tệp hỏng hoặc không đúng là tệp {suffix}. Hãy tải lại văn bản từ nơi gửi rồi thử lại."
        )
    return read_text(data)


def _is_encrypted_office(data: bytes) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in data or "EncryptionInfo".encode("utf-16-le") in data


def _zipped(data: bytes, suffix: str) -> ReadDocument:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            unpacked = sum(part.file_size for part in archive.infolist() if part.filename.endswith(".xml"))
    except zipfile.BadZipFile as error:
        raise UnreadableFile(
            "Tệp hỏng, không mở được. Hãy tải lại văn bản từ nơi gửi rồi thử lại."
        ) from error
    if unpacked > MAX_UNPACKED:
        raise UnreadableFile(
            "Tệp quá lớn sau khi giải nén. Hãy tách phụ lục ra thành tệp riêng rồi tải lên lại."
        )
    if "word/document.xml" in names:
        from .word import read_word

        return read_word(data)
    if "mimetype" in names and suffix not in (".ods",):
        suffix = ".odt" if suffix not in _OTHER_FORMATS else suffix
    message = _OTHER_FORMATS.get(
        suffix, "Định dạng của tệp chưa đọc được; hệ thống đọc .docx, .pdf, .txt và .md."
    )
    raise UnreadableFile(message + " " + _HELP)
