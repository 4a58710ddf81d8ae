"""Options of an S3-compatible store (Ceph, MinIO, a cloud's own), for STORAGES in the settings."""

from __future__ import annotations

from typing import Any

CONNECT_TIMEOUT, READ_TIMEOUT, ATTEMPTS = 5, 30, 2
# Above this a file that is read goes to a temporary file instead of memory.
KEPT_IN_MEMORY = 8 * 1024 * 1024


def s3_options(
    *,
    bucket: str,
    endpoint: str | None = None,
    region: str | None = None,
    access_key: str | None = None,
    secret_key: str | None = None,
    addressing: str = "auto",
    ca_bundle: str | None = None,
) -> dict[str, Any]:
    """Options of storages.backends.s3.S3Storage. addressing: "path", "virtual" or "auto".

    Nobody waits minutes for a store that is down (boto's default: 60 s, five tries). Checksums beyond the
    protocol's own are only sent when the store asks for them: many compatible ones do not know them; every
    content is named by its SHA-256 anyway. No access rule travels with an object: the bucket is private, and
    stores that know no such rules refuse the header.
    """
    from botocore.config import Config

    return {
        "bucket_name": bucket,
        "endpoint_url": endpoint or None,
        "region_name": region or "us-east-1",
        "access_key": access_key or None,
        "secret_key": secret_key or None,
        "verify": ca_bundle or None,
        "default_acl": None,
        "file_overwrite": False,
        "max_memory_size": KEPT_IN_MEMORY,
        "client_config": Config(
            connect_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            s3={"addressing_style": addressing},
            signature_version="s3v4",
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    }
