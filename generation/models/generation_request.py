"""What a person asked for."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from accounts.scoping import ProjectScopedQuerySet
from assets.models import Image, TemplateVersion
from generation.models.model_version import ModelVersion


class GenerationRequestQuerySet(ProjectScopedQuerySet["GenerationRequest"]):
    """Requests, scoped by project."""


class GenerationRequest(models.Model):
    """Pictures of the same words and settings, with seeds that count up.

    Its jobs change; the request itself only as long as none of them has begun, when its maker
    edits it (`edited_at`).

    `input_uid` names the picture to begin with even when that picture is gone.

    `prompt_typed` is what the person wrote (a template's text when one was used), `prompt` is what
    the engine gets. `ticket` makes asking twice with one form harmless.
    """

    PROMPT_LIMIT = 4000

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="requests")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="requests")
    created_at = models.DateTimeField(auto_now_add=True)
    ticket = models.UUIDField(default=uuid.uuid4, editable=False)

    prompt_typed = models.TextField(_("prompt"))
    prompt = models.TextField(_("final prompt"))
    negative_prompt = models.TextField(_("negative prompt"), blank=True)
    template_version = models.ForeignKey(
        TemplateVersion, on_delete=models.PROTECT, related_name="requests", null=True, blank=True
    )
    template_values = models.JSONField(default=dict)
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="requests"
    )
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    steps = models.PositiveIntegerField(_("steps"))
    cfg = models.FloatField(_("CFG"))
    seed = models.BigIntegerField(_("seed"))
    count = models.PositiveIntegerField(_("pictures"))
    parent_image = models.ForeignKey(
        Image, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    input_image = models.ForeignKey(
        Image, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    input_uid = models.UUIDField(null=True, blank=True)
    strength = models.FloatField(_("strength"), default=1.0)
    loras = models.JSONField(default=list)  # of {id, name, path, sha256, weight}
    may_shrink = models.BooleanField(default=False)
    edited_at = models.DateTimeField(null=True, blank=True)
    policy_verdict = models.JSONField(default=dict)

    objects = GenerationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "ticket"], name="a_form_is_submitted_once"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-created_at"], name="requests_newest_first"),
            models.Index(fields=["created_by", "-created_at"], name="requests_of_a_person"),
        ]

    def __str__(self) -> str:
        return self.prompt[:60]
