"""Pupils, their guardians, and staff: each a record of one person (Ed-Fi: Student, Contact, Staff)."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.audit.tracking import tracked
from thongsuot.kit.postgres.isolation import ByParent, ByUnit

from ..types import (
    CharacteristicKind,
    ContactRelation,
    Gender,
    IdentityStatus,
)
from .searching import MarkedWords

# Derived from the name by whoever writes it: not worth keeping in the history.
DERIVED = ["name_fold", "sort_key"]


class PersonRecord(models.Model):
    """What is written about any person. Names stay as registered; `name_fold` is what is compared and searched.

    The personal id (số định danh cá nhân, 12 digits) lies sealed; it is found by its digest (kit.sealing). Codes are
    opaque text with leading zeros. The ministry's code arrives late: until then the record has a provisional code,
    which is *replaced*, so that a person never becomes two records.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    name_fold = models.CharField(max_length=140, editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    # Empty when nobody knows it; year only: 1 January of the year, `is_birth_year_only` set.
    birth_date = models.DateField(_("ngày sinh"), null=True, blank=True)
    is_birth_year_only = models.BooleanField(_("chỉ biết năm sinh"), default=False)
    gender = models.CharField(_("giới tính"), max_length=8, choices=Gender, blank=True)
    # Codes of the ministry's lists dan_toc, ton_giao; sensitive.
    ethnicity = models.CharField(_("dân tộc"), max_length=4, blank=True)
    religion = models.CharField(_("tôn giáo"), max_length=4, blank=True)
    nationality = models.CharField(_("quốc tịch"), max_length=3, default="VN")
    personal_id_sealed = models.BinaryField(_("số định danh cá nhân"), null=True, blank=True, editable=True)
    personal_id_digest = models.BinaryField(null=True, blank=True, editable=False, db_index=True)
    ministry_code = models.CharField(_("mã định danh của Bộ"), max_length=20, blank=True)
    provisional_code = models.CharField(_("mã tạm"), max_length=30, blank=True)
    identity_status = models.CharField(
        _("xác thực với CSDL dân cư"), max_length=14, choices=IdentityStatus, default=IdentityStatus.NOT_SENT
    )
    identity_checked_at = models.DateTimeField(_("xác thực lúc"), null=True, blank=True)
    birth_place = models.CharField(_("nơi sinh"), max_length=200, blank=True)
    home_town = models.CharField(_("quê quán"), max_length=200, blank=True)
    # Kept by code, as it was when it was written: units merge without rewriting history.
    residence_commune_code = models.CharField(_("xã thường trú"), max_length=5, blank=True)
    residence_address = models.CharField(_("địa chỉ thường trú"), max_length=300, blank=True)
    current_address = models.CharField(_("nơi ở hiện nay"), max_length=300, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.full_name


@tracked(exclude=DERIVED, in_bulk=True)
class Student(PersonRecord):
    """học sinh, trẻ: the dossier. `unit` is the school that holds it now, or held it last."""

    unit = models.ForeignKey(
        "organization.Unit",
        models.PROTECT,
        # The index of the school's list begins with it. Each index is paid for by every row of a province's import.
        db_index=False,
        # Checked by statement, as are the other keys without a constraint here (migrations 0006_keys_by_statement, 0007).
        db_constraint=False,
        related_name="+",
        verbose_name=_("trường giữ hồ sơ"),
    )
    # The school's own number of the pupil; unique in the school while not empty.
    local_code = models.CharField(_("mã học sinh của trường"), max_length=30, blank=True)
    is_father_minority = models.BooleanField(_("cha là người dân tộc thiểu số"), default=False)
    is_mother_minority = models.BooleanField(_("mẹ là người dân tộc thiểu số"), default=False)
    # One pupil each; the index knows only of those who have one.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name=_("tài khoản"),
    )
    # Set when two records proved to be one person: this one is no longer used, its history stays readable.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        related_name="merged_from",
        verbose_name=_("đã gộp vào"),
    )
    # On request of the person (Luật 91/2025/QH15): no longer processed except for what the law orders; erased.
    restricted_at = models.DateTimeField(_("hạn chế xử lý từ"), null=True, blank=True)
    erased_at = models.DateTimeField(_("đã xóa dữ liệu lúc"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("học sinh")
        verbose_name_plural = _("học sinh")
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["unit", "sort_key"], name="registry_student_unit_name"),
            models.Index(
                fields=["ministry_code"], condition=~Q(ministry_code=""), name="registry_student_ministry"
            ),
            models.Index(fields=["birth_date"], name="registry_student_birth"),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="registry_student_merged",
            ),
            # Found, and listed in order, over the whole province.
            GinIndex(MarkedWords(), name="registry_student_words"),
            # Without the id: pupils of one name share an entry, and a page sorts the few of them.
            models.Index(fields=["sort_key"], name="registry_student_order"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "local_code"],
                condition=~Q(local_code="") & Q(merged_into__isnull=True),
                name="registry_student_local_code",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(account__isnull=False), name="registry_student_account"
            ),
            models.CheckConstraint(
                condition=Q(personal_id_sealed__isnull=True, personal_id_digest__isnull=True)
                | Q(personal_id_sealed__isnull=False, personal_id_digest__isnull=False),
                name="registry_student_id_with_digest",
            ),
        ]


@tracked(in_bulk=True)
class StudentCharacteristic(models.Model):
    """A fact of a pupil between two dates: policy, poverty, disability, boarding ... `code` from the ministry's list."""

    # Both keys lead an index of several columns already.
    student = models.ForeignKey(
        Student,
        models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="characteristics",
        verbose_name=_("học sinh"),
    )
    unit = models.ForeignKey(
        "organization.Unit",
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name=_("trường"),
    )
    kind = models.CharField(_("loại"), max_length=14, choices=CharacteristicKind)
    code = models.CharField(_("mã"), max_length=20, blank=True)
    note = models.CharField(_("ghi chú, giấy tờ"), max_length=300, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    isolation = ByUnit("unit")

    class Meta:
        verbose_name = _("đặc điểm của học sinh")
        verbose_name_plural = _("đặc điểm của học sinh")
        ordering = ["student", "kind", "-valid_from", "id"]
        indexes = [models.Index(fields=["unit", "kind"], name="registry_charact_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="registry_characteristic_dates",
            ),
            models.UniqueConstraint(
                fields=["student", "kind", "code", "valid_from"], name="registry_characteristic_once"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


@tracked()
class Contact(models.Model):
    """cha, mẹ, người giám hộ (Ed-Fi: Contact). As little as the school needs: the ministry's file asks for more."""

    # It leads the index of `registry_contact_once`.
    student = models.ForeignKey(
        Student, models.CASCADE, db_index=False, related_name="contacts", verbose_name=_("học sinh")
    )
    relation = models.CharField(_("quan hệ"), max_length=10, choices=ContactRelation)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"), null=True, blank=True)
    occupation = models.CharField(_("nghề nghiệp"), max_length=120, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    # The account through which the parent sees the child.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tài khoản"),
    )

    isolation = ByParent("student")

    class Meta:
        verbose_name = _("cha mẹ, người giám hộ")
        verbose_name_plural = _("cha mẹ, người giám hộ")
        ordering = ["student", "relation", "id"]
        constraints = [
            models.UniqueConstraint(fields=["student", "relation", "full_name"], name="registry_contact_once")
        ]

    def __str__(self) -> str:
        return self.full_name
