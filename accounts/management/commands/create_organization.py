"""`manage.py create_organization NAME --slug SLUG --admin EMAIL`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email, validate_slug
from django.db import transaction
from django.urls import reverse

from accounts.access import Access
from accounts.actions.invitations import invite_member
from accounts.actions.organizations import create_organization
from accounts.errors import DomainError
from accounts.roles import Role


class Command(BaseCommand):
    """Begins an organization and prints the link that makes somebody its first admin."""

    help = "Create an organization and invite its first admin."

    def add_arguments(self, parser: CommandParser) -> None:
        """The organization, and who shall manage it."""
        parser.add_argument("name", help="as people see it, for example “Lantern 灯笼”")
        parser.add_argument("--slug", required=True, help="short name in addresses: a-z, 0-9, -")
        parser.add_argument("--admin", required=True, metavar="EMAIL", help="the first admin")
        parser.add_argument("--time-zone", default=settings.TIME_ZONE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Create, invite, and say what to do with the link."""
        try:
            validate_slug(options["slug"])
            validate_email(options["admin"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        access = Access.system("create_organization")
        try:
            with transaction.atomic():
                organization = create_organization(
                    access=access,
                    name=options["name"],
                    slug=options["slug"],
                    time_zone=options["time_zone"],
                )
                invitation, secret = invite_member(
                    access=access,
                    organization=organization,
                    email=options["admin"],
                    role=Role.ADMIN,
                )
        except DomainError as error:
            raise CommandError(error.sentence) from error
        link = settings.SITE_URL + reverse("accounts:invitation", kwargs={"secret": secret})
        self.stdout.write(
            f"{organization} exists. Send this link to {invitation.email}; it works once, until"
            f" {invitation.expires_at:%Y-%m-%d %H:%M} UTC:\n{link}"
        )
