"""How far the site, its organizations and their people have been served."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Organization, User


class ShareAccount(models.Model):
    """One account of the fair share (`generation.scheduling.Account`).

    The row without an organization is the site's: its `clock` is the present, and holding its lock
    is what lets one worker at a time decide who is next. A row with an organization and no person
    is the organization's. Virtual time is in GPU seconds.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    person = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    finish = models.FloatField(default=0)
    clock = models.FloatField(default=0)
    weight = models.FloatField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person"],
                condition=Q(person__isnull=False),
                name="one_account_per_person",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(person__isnull=True, organization__isnull=False),
                name="one_account_per_organization",
            ),
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(person__isnull=True, organization__isnull=True),
                name="one_account_of_the_site",
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="a_weight_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}/{self.person_id}: {self.finish:.1f}"
