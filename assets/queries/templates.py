"""The prompt library of an organization."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.models import Organization
from accounts.roles import Permission
from assets.models import Image, PromptTemplate, TemplateVersion
from assets.suggestions import Suggestions
from assets.types import VersionStatus
from assets.variables import variables_in

SAMPLES = 12
NAME_TAKEN = _("Another template of the organization has this name, perhaps a retired one.")


@dataclass(frozen=True, slots=True)
class Entry:
    """A template with the versions that the reader may see, newest first.

    `sample` is the newest picture that was made with it and that the reader can see.
    """

    template: PromptTemplate
    versions: list[TemplateVersion]
    sample: UUID | None = None

    @property
    def draft(self) -> TemplateVersion | None:
        """The version that is being written; only editors see it."""
        return next((each for each in self.versions if each.status == VersionStatus.DRAFT), None)

    @property
    def published(self) -> TemplateVersion | None:
        """The version that "use template" takes."""
        return next(
            (each for each in self.versions if each.status == VersionStatus.PUBLISHED), None
        )

    @property
    def latest(self) -> TemplateVersion:
        """Where the next edit begins: the draft if there is one."""
        return self.versions[0]

    @property
    def shown(self) -> TemplateVersion:
        """The published version, or the draft of a template that was never published."""
        return self.published or self.versions[0]

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables of the version that is shown."""
        return variables_in(self.shown.prompt)

    @property
    def suggestions(self) -> Suggestions:
        """What the version that is shown suggests."""
        return Suggestions.from_json(self.shown.defaults)

    @property
    def is_retired(self) -> bool:
        """Whether it was taken out of the library."""
        return self.template.retired_at is not None

    @property
    def is_usable(self) -> bool:
        """Whether pictures can be made with it now."""
        return self.published is not None and not self.is_retired


def library(access: Access, organization: Organization, *, text: str = "") -> list[Entry]:
    """The templates by name, in three queries.

    People who edit see drafts and retired ones too; everybody else what can be used.
    """
    edits = access.allows_in_organization(Permission.EDIT_TEMPLATES, organization.pk)
    templates = PromptTemplate.objects.visible_to(access).filter(organization=organization)
    if not edits:
        templates = templates.filter(retired_at__isnull=True)
    if text:
        templates = templates.filter(name__icontains=text)
    found = list(templates.order_by("name", "pk"))
    ids = [template.pk for template in found]
    by_template: defaultdict[int, list[TemplateVersion]] = defaultdict(list)
    for version in _versions(access, ids, edits=edits):
        by_template[version.template_id].append(version)
    samples = _samples(access, ids)
    return [
        Entry(template, by_template[template.pk], samples.get(template.pk))
        for template in found
        if by_template[template.pk]
    ]


def template_for(access: Access, template_id: int) -> Entry:
    """One template with its organization and versions; `NotVisible` for strangers.

    People who do not edit see it while it is in the library, and never its draft.
    """
    template = (
        PromptTemplate.objects.visible_to(access)
        .select_related("organization", "created_by")
        .filter(pk=template_id)
        .first()
    )
    if template is None:
        raise NotVisible
    edits = access.allows_in_organization(Permission.EDIT_TEMPLATES, template.organization_id)
    versions = list(_versions(access, [template.pk], edits=edits))
    if not versions or (template.retired_at is not None and not edits):
        raise NotVisible
    return Entry(template, versions)


def usable_version(access: Access, template_id: int) -> TemplateVersion:
    """The version to make pictures with; `NotVisible` when there is none for this person."""
    version = (
        TemplateVersion.objects.visible_to(access)
        .select_related("template")
        .filter(
            template_id=template_id,
            template__retired_at__isnull=True,
            status=VersionStatus.PUBLISHED,
        )
        .order_by("-number")
        .first()
    )
    if version is None:
        raise NotVisible
    return version


def pictures_of(access: Access, template: PromptTemplate) -> list[Image]:
    """The newest pictures made with any version of a template, as far as they can be seen."""
    images = (
        Image.objects.visible_to(access).in_gallery().filter(template_version__template=template)
    )
    return list(images.select_related("created_by").defer("metadata").order_by("-id")[:SAMPLES])


def why_not_template_name(organization_id: int, name: str, *, besides: int = 0) -> Promise | None:
    """The sentence that refuses a template's name, or `None`; retired ones keep theirs."""
    taken = PromptTemplate.objects.filter(organization_id=organization_id, name=name.strip())
    return NAME_TAKEN if taken.exclude(pk=besides).exists() else None


def _versions(access: Access, ids: Iterable[int], *, edits: bool) -> QuerySet[TemplateVersion]:
    versions = TemplateVersion.objects.visible_to(access).filter(template_id__in=ids)
    if not edits:
        versions = versions.filter(status=VersionStatus.PUBLISHED)
    return versions.select_related("created_by", "published_by").order_by("-number")


def _samples(access: Access, ids: Iterable[int]) -> dict[int, UUID]:
    images = (
        Image.objects.visible_to(access).in_gallery().filter(template_version__template_id__in=ids)
    )
    newest = (
        images.order_by()
        .values("template_version__template_id")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    return dict(
        Image.objects.visible_to(access)
        .filter(pk__in=newest)
        .values_list("template_version__template_id", "uid")
    )
