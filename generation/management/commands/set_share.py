"""`manage.py set_share ORGANIZATION WEIGHT [--person EMAIL]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access import Access
from accounts.errors import DomainError
from accounts.models import Organization, User
from generation.actions.sharing import set_weight


class Command(BaseCommand):
    """Give an organization, or a person in it, more or less of the GPUs than others have."""

    help = "Set the weight of an organization's, or of one person's, fair share (1 is usual)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose share, and how large."""
        parser.add_argument("organization", help="its short name")
        parser.add_argument("weight", type=float, help="from 0.1 to 10; 2 is twice the usual")
        parser.add_argument("--person", metavar="EMAIL", help="a member of it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Set it, or say what is wrong."""
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization {options['organization']!r}.")
        person = None
        if options["person"]:
            members = User.objects.filter(memberships__organization=organization)
            person = members.filter(email=options["person"].lower()).first()
            if person is None:
                raise CommandError(f"{options['person']} is not a member of {organization}.")
        try:
            set_weight(
                access=Access.system("set_share"),
                organization=organization,
                person=person,
                weight=options["weight"],
            )
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(f"{person or organization} now weighs {options['weight']:g}.")
