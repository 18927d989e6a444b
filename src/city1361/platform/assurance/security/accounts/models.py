"""Tables of accounts. Periods of appointments are half open: [valid_from, valid_to)."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from city1361.base.database.api import BlindIndexField, PersonalField
from city1361.base.kernel import clock
from city1361.base.kernel.ids import new_id

USERNAME = RegexValidator(r"^[a-z][a-z0-9_.-]{2,49}\Z", "用户名须以小写字母开头，由3至50个小写字母、数字或 . _ - 组成")


class AccountManager(BaseUserManager["Account"]):
    """Accounts by their username."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=(username or "").lower())


class Account(AbstractBaseUser):
    """Somebody who may sign in. What others see is `title`, a job title; the person's name is not kept here."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "username": "internal personal",
        "title": "internal",
        "phone": "sensitive personal",
        "phone_index": "sensitive personal",
        "password": "sensitive",
        "is_active": "internal",
        "demonstration": "internal",
        "must_change_password": "internal",
        "created_at": "internal",
        "last_login": "internal personal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField("用户名", max_length=50, unique=True, validators=[USERNAME])
    title = models.CharField("职务称谓", max_length=50)
    phone = PersonalField("手机号", purpose="accounts.phone", null=True, blank=True)
    phone_index = BlindIndexField("手机号索引", of="phone")
    is_active = models.BooleanField("启用", default=True)
    demonstration = models.BooleanField("演示账号", default=False)
    must_change_password = models.BooleanField("须先修改密码", default=False)
    created_at = models.DateTimeField("创建时间", default=clock.now)

    objects = AccountManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"

    def __str__(self) -> str:
        return self.title


class Role(models.Model):
    """A role of this city, read from its instance folder."""

    DATA: ClassVar[dict[str, str]] = {
        "code": "public",
        "name": "public",
        "name_en": "public",
        "permissions": "internal",
        "levels": "internal",
        "staff": "internal",
        "incompatible_with": "internal",
        "place": "internal",
    }

    code = models.CharField("代码", max_length=50, primary_key=True)
    name = models.CharField("名称", max_length=50)
    name_en = models.CharField("英文名称", max_length=100)
    permissions = ArrayField(models.CharField(max_length=100), verbose_name="权限")
    levels = ArrayField(models.CharField(max_length=16), verbose_name="层级")
    staff = models.BooleanField("工作人员")
    incompatible_with = ArrayField(models.CharField(max_length=50), verbose_name="不相容角色")
    place = models.SmallIntegerField("次序")

    class Meta:
        verbose_name = "角色"
        verbose_name_plural = "角色"
        ordering: ClassVar[list[str]] = ["place"]

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """Somebody on a post with a role, for a time. The area and the organisation bound what he sees."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "account": "internal personal",
        "role": "internal",
        "post": "internal",
        "organisation": "internal",
        "area": "internal",
        "main": "internal",
        "valid_from": "internal",
        "valid_to": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="appointments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("platform_organisations.Post", on_delete=models.PROTECT, related_name="+", null=True)
    organisation = models.ForeignKey(
        "platform_organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True
    )
    area = models.ForeignKey("platform_areas.Area", on_delete=models.PROTECT, related_name="+", null=True)
    main = models.BooleanField("主要任职", default=True)
    valid_from = models.DateTimeField("起始时间", default=clock.now)
    valid_to = models.DateTimeField("终止时间", null=True)

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="appointment_period"
            ),
            models.CheckConstraint(
                condition=Q(post=None, organisation=None) | Q(post__isnull=False, organisation__isnull=False),
                name="appointment_post_has_organisation",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(main=True, valid_to=None), name="appointment_one_open_main"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "valid_to"], name="appointment_account"),
            models.Index(fields=["post", "valid_to"], name="appointment_post"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role_id}"


class Attempt(models.Model):
    """Failed attempts to prove an identity, counted per account and per network address.

    `key` is a keyed hash, so the table names neither accounts nor addresses. Rows are forgotten by a periodic job.
    """

    DATA: ClassVar[dict[str, str]] = {
        "key": "internal",
        "failures": "internal",
        "last_at": "internal",
        "locked_until": "internal",
    }

    key = models.CharField("键", max_length=64, primary_key=True)
    failures = models.PositiveIntegerField("连续失败次数")
    last_at = models.DateTimeField("最近一次")
    locked_until = models.DateTimeField("锁定至", null=True)

    class Meta:
        verbose_name = "登录尝试"
        verbose_name_plural = "登录尝试"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["last_at"], name="attempt_last_at")]

    def __str__(self) -> str:
        return f"{self.failures}"


class SpentCode(models.Model):
    """One-time codes already used, as keyed hashes: each code counts once, in whichever process it is shown."""

    DATA: ClassVar[dict[str, str]] = {"key": "internal", "used_at": "internal"}

    key = models.CharField("键", max_length=64, primary_key=True)
    used_at = models.DateTimeField("使用时间", default=clock.now)

    class Meta:
        verbose_name = "已用验证码"
        verbose_name_plural = "已用验证码"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["used_at"], name="spent_code_used_at")]

    def __str__(self) -> str:
        return f"{self.used_at}"
