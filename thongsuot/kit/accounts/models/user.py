import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from thongsuot.kit.postgres.isolation import Anyone
from thongsuot.kit.text.expressions import Fold


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One account = one person. Rights come from dated appointments, never from flags here."""

    public_id = models.UUIDField(_("mã công khai"), default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(_("tên đăng nhập"), max_length=150, unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=200)
    email = models.EmailField(_("thư điện tử"), blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    is_active = models.BooleanField(_("đang hoạt động"), default=True)
    must_change_password = models.BooleanField(_("phải đổi mật khẩu"), default=False)
    password_changed_at = models.DateTimeField(_("đổi mật khẩu lúc"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("hoạt động gần nhất"), null=True, blank=True)
    enabled_at = models.DateTimeField(_("mở lại lúc"), null=True, blank=True)
    created_at = models.DateTimeField(_("tạo lúc"), auto_now_add=True)

    name_fold = models.GeneratedField(
        expression=Fold("full_name"), output_field=models.TextField(), db_persist=True
    )

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    # Sign-in must find the account before anybody is known; who may list accounts is decided by queries.
    isolation = Anyone(reason="sign-in reads it before the actor is known")
    web_direct = "write"

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")
        ordering = ["full_name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="accounts_user_username_ci",
                violation_error_message=_("Tên đăng nhập đã có người dùng."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_ci",
                condition=~models.Q(email=""),
                violation_error_message=_("Thư điện tử đã có người dùng."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        # Vietnamese people are called by the last word of their name.
        return self.full_name.rsplit(" ", 1)[-1]

    @property
    def is_staff(self) -> bool:
        return False
