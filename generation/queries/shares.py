"""How the GPUs are shared between organizations, and inside them between people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.models import Membership, Organization, User
from generation.models import ShareAccount

USUAL_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class PersonShare:
    """A person whose weight inside their organization is not the usual one."""

    person: User
    weight: float


@dataclass(frozen=True, slots=True)
class OrganizationShare:
    """The weight of an organization, and its part of the GPUs while all of them have work."""

    organization: Organization
    weight: float
    part: float
    people: Sequence[PersonShare]

    @property
    def percent(self) -> int:
        """The part in percent."""
        return round(self.part * 100)


def shares_of_site(access: Access) -> list[OrganizationShare]:
    """Every organization with its weight, by name, in two queries."""
    access.require_operator()
    organizations = list(Organization.objects.order_by("name", "pk"))
    accounts = ShareAccount.objects.filter(organization__isnull=False).select_related("person")
    weights: dict[int, float] = {}
    people: defaultdict[int, list[PersonShare]] = defaultdict(list)
    for account in accounts.order_by("person__name", "pk"):
        if account.organization_id is None:
            continue
        if account.person is None:
            weights[account.organization_id] = account.weight
        elif account.weight != USUAL_WEIGHT:
            people[account.organization_id].append(PersonShare(account.person, account.weight))
    total = sum(weights.get(each.pk, USUAL_WEIGHT) for each in organizations)
    return [
        OrganizationShare(
            organization=each,
            weight=weights.get(each.pk, USUAL_WEIGHT),
            part=weights.get(each.pk, USUAL_WEIGHT) / total,
            people=people.get(each.pk, ()),
        )
        for each in organizations
    ]


def organization_to_weigh(access: Access, organization_id: int) -> Organization:
    """Any organization of the site, for those who operate it."""
    access.require_operator()
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        raise NotVisible
    return organization


def person_to_weigh(access: Access, organization: Organization, email: str) -> User | None:
    """The member of the organization with this address; `None` when nobody has it."""
    access.require_operator()
    members = User.objects.filter(memberships__organization=organization)
    return members.filter(email=User.objects.normalize_email(email)).first()


def is_member(organization: Organization, person: User) -> bool:
    """Whether the person belongs to the organization, also to a single project of it."""
    return Membership.objects.filter(organization=organization, user=person).exists()
