"""A transcript's file put together from its sealed parts; what it says, as it is read out of the signed file itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from thongsuot.kit.sealing.sealing import unseal_many

from ..domain.document import file_bytes, read_content, transcript_xml
from ..models import Transcript, TranscriptSignature
from ..types import TranscriptFault
from .layouts import profile_named


@dataclass(frozen=True)
class Parts:
    """The readable parts of one version: data, and the nodes in the order of the chain."""

    data: str
    nodes: Sequence[str]


def parts_of(transcripts: Iterable[Transcript]) -> dict[int, Parts]:
    """Parts by id, two statements for any number. Raises TranscriptFault where the data are not what was written."""
    rows = list(transcripts)
    data = dict(zip((r.pk for r in rows), unseal_many(r.data_sealed for r in rows), strict=True))
    for row in rows:
        if sha256(data[row.pk].encode()).digest() != bytes(row.data_digest):
            raise TranscriptFault(_("Dữ liệu của học bạ %(uuid)s không còn nguyên vẹn.") % {"uuid": row.uuid})
    nodes: dict[int, list[str]] = {row.pk: [] for row in rows}
    signed = list(
        TranscriptSignature.objects.filter(transcript__in=list(nodes))
        .order_by("position", "place", "id")
        .values_list("transcript_id", "node_sealed")
    )
    for (key, _sealed), node in zip(signed, unseal_many(s for _k, s in signed), strict=True):
        nodes[key].append(node)
    return {key: Parts(data[key], nodes[key]) for key in nodes}


def xml_of(transcript: Transcript, parts: Parts) -> str:
    return transcript_xml(profile_named(transcript.profile), parts.data, parts.nodes)


def file_of(transcript: Transcript) -> bytes:
    """The file as it is handed out. Raises TranscriptFault when an issued one is not byte for byte what was issued."""
    found = file_bytes(xml_of(transcript, parts_of([transcript])[transcript.pk]))
    issued = transcript.file_digest
    if issued is not None and sha256(found).digest() != bytes(issued):
        raise TranscriptFault(
            _("Học bạ %(uuid)s không còn đúng như khi phát hành.") % {"uuid": transcript.uuid}
        )
    return found


def content_of(transcript: Transcript) -> dict[str, Any]:
    """What the data part says, by section and source; what a signer is shown and signs."""
    (data,) = unseal_many([transcript.data_sealed])
    return read_content(profile_named(transcript.profile), etree.fromstring(data))
