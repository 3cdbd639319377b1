"""A person who signs in with an e-mail address."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    """How light the pages are; `system` follows the device."""

    SYSTEM = "system", _("As the device")
    DARK = "dark", _("Dark")
    LIGHT = "light", _("Light")


class UserManager(BaseUserManager["User"]):
    """Makes people; addresses are kept in lower case so that they are found again."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create and save a person. Without a password nobody can sign in as them."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an operator of the site (used by Django's `createsuperuser`)."""
        return self.create_user(email, password, is_superuser=True, **fields)

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """The whole address in lower case: office mail servers do not tell `Li@` from `li@`."""
        return super().normalize_email(email).lower()

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by address, whatever its case."""
        return self.get(email=self.normalize_email(username))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do follows from their memberships, never from this row."""

    NAME_LIMIT = 80

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, blank=True, default=""
    )
    theme = models.CharField(_("theme"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name as it is shown everywhere."""
        return str(self)

    @property
    def initials(self) -> str:
        """One Chinese character or up to two Latin letters, for the round badge."""
        words = self.name.split() or [self.email]
        if not words[0].isascii():
            return words[0][-1]
        return "".join(word[0] for word in words[:2]).upper()
