"""The limits of a project."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from accounts.scoping import ProjectScopedQuerySet


class UsagePolicyQuerySet(ProjectScopedQuerySet["UsagePolicy"]):
    """Policies, scoped by project."""


class UsagePolicy(models.Model):
    """What a project may ask of the GPU. A project without a row has the defaults."""

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, related_name="usage_policy", primary_key=True
    )
    max_side = models.PositiveIntegerField(
        _("largest side in pixels"),
        default=1024,
        validators=[MinValueValidator(256), MaxValueValidator(4096)],
    )
    max_steps = models.PositiveIntegerField(
        _("most steps"), default=50, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    max_images_per_request = models.PositiveIntegerField(
        _("most pictures in one request"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )
    max_running_per_person = models.PositiveIntegerField(
        _("pictures of one person at once"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(16)],
    )
    max_waiting_per_person = models.PositiveIntegerField(
        _("waiting pictures of one person"),
        default=40,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )

    objects = UsagePolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("usage policy")
        verbose_name_plural = _("usage policies")

    def __str__(self) -> str:
        return str(self.project)
