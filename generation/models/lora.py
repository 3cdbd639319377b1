"""A small addition to a model."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Lora(models.Model):
    """A LoRA file that an operator has put below the configured directory and registered.

    `path` is relative to that directory. The hash was taken when it was registered; an engine
    refuses a file that has changed since. `modified_ns` is the time of the file that was hashed, so
    that what has not been touched is not read again.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    path = models.CharField(_("file"), max_length=255, unique=True)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField(default=0)
    modified_ns = models.BigIntegerField(null=True, blank=True)
    engine = models.CharField(max_length=40, default="diffsynth")
    trigger_words = models.CharField(_("words that call it"), max_length=200, blank=True)
    default_weight = models.FloatField(_("usual weight"), default=1.0)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("LoRA")
        verbose_name_plural = _("LoRAs")

    def __str__(self) -> str:
        return self.name
