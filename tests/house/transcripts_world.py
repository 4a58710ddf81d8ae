"""Transcripts for the test of leaks: in each school, and of the pupils who are somebody's own, a transcript with data, a
recall, a report of an error, a certificate at the gateway."""

from hashlib import sha256
from json import dumps
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.modules.transcripts.content import primary_content
from tests.modules.transcripts.list_pages import make_message, make_original
from thongsuot.kit.files.models import StoredFile
from thongsuot.kit.sealing.sealing import seal
from thongsuot.modules.registry.models import Enrolment
from thongsuot.modules.transcripts.domain.document import write_data
from thongsuot.modules.transcripts.models import (
    CivilChange,
    CivilChangeItem,
    CorrectionReport,
    ForeignTranscript,
    GatewayCertificate,
    GatewayItem,
    HandOver,
    Objection,
    PaperCopy,
    Recall,
    Transcript,
    TranscriptLog,
)
from thongsuot.modules.transcripts.queries import profile_named

PROFILE = "spec-v1.0-primary"


def fill_transcripts(words, word):
    """words: units and owners whose pupil is `word(name, "em")`."""
    user = get_user_model().objects.order_by("pk").first()
    now = timezone.now()
    for name in words:
        spell = Enrolment.objects.select_related("unit", "school_class").filter(
            student__full_name=word(name, "em")
        ).first()  # fmt: skip
        if spell is None:
            continue
        row = Transcript(
            student=spell.student, unit=spell.unit, holder=spell.unit, school_year=spell.school_year,
            school_class=spell.school_class, class_name=word(name, "lop"), level="primary", grade=1, profile=PROFILE,
            state="initialised", student_name=word(name, "em"), sort_key=name, made_at=now,
            note=word(name, "ghichu"), data_digest=b"", data_sealed=b"",
        )  # fmt: skip
        content = primary_content(uuid=row.uuid, full_name=word(name, "em"), home_town=word(name, "que"))
        data = write_data(profile_named(PROFILE), content).xml
        row.data_sealed, row.data_digest = seal(data), sha256(data.encode()).digest()
        row.save()
        TranscriptLog.objects.create(transcript=row, verb="initialise", detail=word(name, "dienbien"), at=now)
        CorrectionReport.objects.create(
            transcript=row, unit=spell.unit, words=word(name, "baosai"), reported_by=user, reported_at=now,
            due_on=now.date(),
        )  # fmt: skip
        Objection.objects.create(
            transcript=row, unit=spell.unit, role="homeroom", part="summary", part_name=word(name, "phan"),
            reason=word(name, "tuchoi"), made_by=user, made_at=now,
        )  # fmt: skip
        original = make_original(spell.unit)
        type(original).objects.filter(pk=original.pk).update(student_name=word(name, "em"))
        Recall.objects.create(
            unit=spell.unit, original=original, reason="mistake", words=word(name, "saiten"),
            is_after_lock=True, needs_ministry=False, asked_at=now,
        )  # fmt: skip
        message = make_message(spell.unit)
        GatewayItem.objects.create(
            message=message, position=1, student_name=word(name, "em"), status=0, error="X",
            error_description=word(name, "loi"),
        )  # fmt: skip
        GatewayCertificate.objects.create(
            unit=spell.unit, serial=f"{message.pk:X}", valid_from=now.date(), signature_kind="USB_TOKEN",
            provider=word(name, "nha")[:40], message=message, reason=word(name, "lydo"),
        )  # fmt: skip
        _fill_moving(name, word, spell, row, now)


def _fill_moving(name, word, spell, row, now):
    """What moves with the pupil: a decision, a paper copy, a file of another province, a hand-over within the school."""
    paper = StoredFile.objects.create(
        kind="transcripts.recall", sha256=sha256(name.encode()).hexdigest(), size=1, original_name="qd.pdf",
        content_type="application/pdf", owner_unit_id=spell.unit_id,
    )  # fmt: skip
    change = CivilChange.objects.create(
        student=spell.student, unit=spell.unit, decision_number=word(name, "soqd")[:60], decided_on=now.date(),
        decided_by=word(name, "coquan"), file=paper, made_at=now,
        before_sealed=seal(dumps({"full_name": word(name, "tencu")})),
        after_sealed=seal(dumps({"full_name": word(name, "tenmoi")})),
    )  # fmt: skip
    CivilChangeItem.objects.create(change=change, transcript=row, fault=word(name, "loiht"))
    PaperCopy.objects.create(
        transcript=row, unit=spell.unit, year=now.year, number=row.pk, recipient=word(name, "noinhan"), purpose="x",
        issued_at=now,
    )  # fmt: skip
    ForeignTranscript.objects.create(
        uuid=uuid4(), student=spell.student, unit=spell.unit, kind="year", profile=PROFILE,
        school_name=word(name, "truongxa"), school_year_name="2025-2026", student_name=word(name, "em"),
        file_sealed=seal(word(name, "tepxa")), file_digest=b"x", verdict="valid", checked_at=now, taken_in_at=now,
    )  # fmt: skip
    HandOver.objects.create(
        student=spell.student, student_name=word(name, "em"), from_unit=spell.unit, to_unit=spell.unit,
        way="by_hand", number=1, at=now, batch=uuid4(), transcript_ids=[row.pk],
    )  # fmt: skip


def transcript_keys():
    """Keys of these as addresses are made from them: converters -> kind -> tuples."""

    def of(model, field):
        return [(str(key),) for key in model.objects.order_by("pk").values_list(field, flat=True)]

    uuids = of(Transcript, "uuid")
    classes = [
        (str(pk),) for pk in Transcript.objects.order_by("pk").values_list("school_class_id", flat=True)
    ]
    return {
        ("uuid",): {
            "Transcript": uuids,
            "Recall": of(Recall, "public_id"),
            "HandOver": of(HandOver, "batch"),
            "Objection": of(Objection, "public_id"),
            "CorrectionReport": of(CorrectionReport, "public_id"),
            "CivilChange": of(CivilChange, "public_id"),
            "Student": [
                (str(key),)
                for key in Transcript.objects.order_by("pk").values_list("student__public_id", flat=True)
            ],
        },
        ("int",): {
            "SchoolClass": classes,
            "GatewayMessage": [
                (str(pk),) for pk in GatewayItem.objects.order_by("pk").values_list("message_id", flat=True)
            ],
            "GatewayCertificate": of(GatewayCertificate, "pk"),
        },
        ("uuid", "slug"): {
            "xml": [(key, "xml") for (key,) in uuids],
            "refusal": [(key, "homeroom") for (key,) in uuids],
        },
        ("uuid", "uuid"): {
            "PaperCopy": [
                tuple(map(str, pair))
                for pair in PaperCopy.objects.order_by("pk").values_list("transcript__uuid", "public_id")
            ],
            "ForeignTranscript": [
                tuple(map(str, pair))
                for pair in ForeignTranscript.objects.order_by("pk").values_list("student__public_id", "uuid")
            ],
        },
        ("int", "int"): {
            "leaver": [
                tuple(map(str, pair))
                for pair in Transcript.objects.order_by("pk").values_list("school_class_id", "student_id")
            ]
        },
        ("slug",): {"role": [("homeroom",), ("leader",), ("seal",), ("subject",), ("year_locked",)]},
    }
