"""`manage.py set_operator EMAIL [--revoke]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access import Access
from accounts.actions.people import appoint_operator, dismiss_operator
from accounts.errors import DomainError
from accounts.models import User


class Command(BaseCommand):
    """Decides who operates the site on its pages."""

    help = "Let a person operate the site: workers, models, shares. It gives no other role."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and whether to take it back."""
        parser.add_argument("email", help="somebody who has an account")
        parser.add_argument("--revoke", action="store_true", help="take it back")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say so."""
        email = User.objects.normalize_email(options["email"])
        user = User.objects.filter(email=email).first()
        if user is None:
            message = f"Nobody here has the address {email}."
            raise CommandError(message)
        change = dismiss_operator if options["revoke"] else appoint_operator
        try:
            change(access=Access.system("set_operator"), user=user)
        except DomainError as error:
            raise CommandError(error.sentence) from error
        verb = "no longer operates" if options["revoke"] else "now operates"
        self.stdout.write(f"{user} ({email}) {verb} the site.")
