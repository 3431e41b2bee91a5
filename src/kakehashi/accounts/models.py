"""The table of people who sign in."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from kakehashi import clock
from kakehashi.accounts.viewer import Role


class UserManager(BaseUserManager["User"]):
    """Creates people by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **facts: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person. `organisation` is the record id of the organisation that a member belongs to."""

    ROLES: ClassVar = [
        (Role.READER.value, _("Reader")),
        (Role.MEMBER.value, _("Member")),
        (Role.EDITOR.value, _("Editor")),
        (Role.MANAGER.value, _("Manager")),
        (Role.OPERATOR.value, _("Operator")),
    ]

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.PositiveSmallIntegerField(choices=ROLES, default=Role.READER.value)
    organisation = models.UUIDField(null=True, blank=True)
    language = models.CharField(max_length=2, default="en")
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(default=clock.now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
