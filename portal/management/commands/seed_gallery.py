"""`manage.py seed_gallery`: fills new organizations with as many pictures as one likes to see."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.grants import apply
from accounts.models import Membership, Organization, User
from accounts.roles import Role
from portal.demo.many import filling, make_places
from portal.demo.pool import Pool


class Command(BaseCommand):
    """Make an archive to try the gallery with."""

    help = "Make organizations with many pictures over two years, to try how the gallery feels."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, how, and who shall see them."""
        parser.add_argument("--images", type=int, default=100_000, help="how many (100000)")
        parser.add_argument("--seed", type=int, default=7, help="the same seed makes the same")
        parser.add_argument("--slug", default="million", help="address of the large organization")
        parser.add_argument(
            "--member", default="", help="e-mail of a person who becomes its admin, to look at it"
        )
        parser.add_argument(
            "--no-files", action="store_true", help="rows only: faster, and cards stay empty"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them, saying how far it is."""
        if Organization.objects.filter(slug=options["slug"]).exists():
            raise CommandError(
                f"There is an organization “{options['slug']}” already. Choose another --slug."
            )
        member = None
        if options["member"]:
            member = User.objects.filter(email__iexact=options["member"]).first()
            if member is None:
                raise CommandError(f"Nobody has the address {options['member']}.")
        places = make_places(slug=options["slug"])
        if member:
            organization = places[0].project.organization
            Membership.objects.create(user=member, organization=organization, role=Role.ADMIN.value)
            apply(user_id=member.pk, organization_id=organization.pk)
        wanted = options["images"]
        pool = None if options["no_files"] else Pool(options["seed"])
        for made in filling(places=places, images=wanted, seed=options["seed"], pool=pool):
            self.stdout.write(f"{made:,} of {wanted:,} images")
