"""`manage.py deactivate_person EMAIL [--undo]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access import Access
from accounts.actions.people import deactivate_person, reactivate_person
from accounts.errors import DomainError
from accounts.models import User
from accounts.policies import LastAdmin


class Command(BaseCommand):
    """Shuts a person out of the whole site at once, or lets them in again."""

    help = "Stop a person from signing in; open sessions and API tokens end with it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and whether to undo it."""
        parser.add_argument("email")
        parser.add_argument("--undo", action="store_true", help="let the person in again")
        parser.add_argument(
            "--even-last-admin",
            action="store_true",
            help="also when an organization has no other admin",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say so."""
        email = User.objects.normalize_email(options["email"])
        user = User.objects.filter(email=email).first()
        if user is None:
            message = f"Nobody here has the address {email}."
            raise CommandError(message)
        access = Access.system("deactivate_person")
        try:
            if options["undo"]:
                reactivate_person(access=access, user=user)
            else:
                deactivate_person(
                    access=access, user=user, even_last_admin=options["even_last_admin"]
                )
        except LastAdmin as error:
            message = f"{error.sentence} To do it all the same, add --even-last-admin."
            raise CommandError(message) from error
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(
            f"{user} ({email}) {'may sign in again' if options['undo'] else 'is out'}."
        )
