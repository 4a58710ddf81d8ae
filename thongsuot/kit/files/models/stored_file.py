import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.postgres.isolation import ByUnit, ByUnits, ByUser


class StoredFile(models.Model):
    """One upload. The bytes lie in the storage under their own hash, once for all uploads of the same
    bytes.
    """

    public_id = models.UUIDField(_("mã công khai"), default=uuid.uuid4, unique=True, editable=False)
    # Which module attached it ("directives.evidence"): the one who answers whether somebody may open it.
    kind = models.CharField(_("loại"), max_length=60)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField(_("dung lượng"))
    content_type = models.CharField(_("định dạng"), max_length=100)
    original_name = models.CharField(_("tên tệp"), max_length=200)
    # An id of organization.Unit; the kit knows no schools, so no foreign key.
    owner_unit_id = models.BigIntegerField(_("đơn vị"), null=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người tải lên")
    )
    created_at = models.DateTimeField(_("tải lên lúc"), auto_now_add=True)

    isolation = (
        ByUnit("owner_unit_id")
        | ByUser("uploaded_by")
        | ByUnits(link="files.FileReader", fk="file", unit_field="unit_id")
    )

    class Meta:
        verbose_name = _("tệp")
        verbose_name_plural = _("tệp")
        ordering = ["-id"]
        indexes = [models.Index(fields=["owner_unit_id"], name="files_storedfile_unit")]
        constraints = [models.CheckConstraint(condition=models.Q(size__gte=0), name="files_storedfile_size")]

    def __str__(self) -> str:
        return self.original_name

    @property
    def storage_name(self) -> str:
        return f"{self.sha256[:2]}/{self.sha256}"


class FileReader(models.Model):
    """A unit outside the owner's line that may know of the file: those an order was sent to."""

    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="readers", verbose_name=_("tệp"))
    unit_id = models.BigIntegerField(_("đơn vị"))

    isolation = ByUnit("unit_id")

    class Meta:
        verbose_name = _("đơn vị được xem tệp")
        verbose_name_plural = _("đơn vị được xem tệp")
        ordering = ["file", "unit_id"]
        indexes = [models.Index(fields=["unit_id"], name="files_filereader_unit")]
        constraints = [models.UniqueConstraint(fields=["file", "unit_id"], name="files_filereader_once")]

    def __str__(self) -> str:
        return f"{self.file_id} → {self.unit_id}"
