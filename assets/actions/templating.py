"""The life of a prompt template: drafted, published, retired, restored.

A template has at most one draft. Publishing freezes it; the next edit starts a new draft from the
latest words. Nothing that was published ever changes, because images point at it.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput, InvalidTransition, NotPermitted
from accounts.models import Organization
from accounts.roles import Permission
from assets.models import PromptTemplate, TemplateVersion
from assets.policies import variables_of
from assets.queries.templates import NAME_TAKEN
from assets.suggestions import Suggestions
from assets.types import VersionStatus

DESCRIPTION_LIMIT = 300  # as wide as the column


@transaction.atomic
def create_template(
    *,
    access: Access,
    organization: Organization,
    name: str,
    prompt: str,
    description: str = "",
    negative_prompt: str = "",
    suggestions: Suggestions | None = None,
) -> PromptTemplate:
    """Start a template with its first draft."""
    access.require_in_organization(Permission.EDIT_TEMPLATES, organization.pk)
    person_id = _person(access)
    words = _words(prompt, negative_prompt, suggestions or Suggestions())
    try:
        with transaction.atomic():
            template = PromptTemplate.objects.create(
                organization=organization,
                name=_name(name),
                description=_description(description),
                created_by_id=person_id,
            )
    except IntegrityError as error:
        raise _name_taken() from error
    TemplateVersion.objects.create(template=template, number=1, created_by_id=person_id, **words)
    _record(access, "created", template)
    return template


@transaction.atomic
def save_draft(
    *,
    access: Access,
    template: PromptTemplate,
    prompt: str,
    negative_prompt: str = "",
    suggestions: Suggestions | None = None,
) -> TemplateVersion:
    """Write the words of the draft; after a publication this starts the next version.

    The words of the version that is published already start nothing: that version is returned.
    """
    access.require_in_organization(Permission.EDIT_TEMPLATES, template.organization_id)
    words = _words(prompt, negative_prompt, suggestions or Suggestions())
    versions = TemplateVersion.objects.filter(template=template).order_by("-number")
    if not versions.filter(status=VersionStatus.DRAFT).update(**words):
        latest = versions[0]
        if all(getattr(latest, name) == value for name, value in words.items()):
            return latest
        try:
            with transaction.atomic():
                TemplateVersion.objects.create(
                    template=template,
                    number=latest.number + 1,
                    created_by_id=_person(access),
                    **words,
                )
        except IntegrityError as error:
            raise InvalidTransition(_("Somebody else started a draft. Reload the page.")) from error
    draft = versions.get(status=VersionStatus.DRAFT)
    _record(access, "draft_saved", template, version=draft.number)
    return draft


@transaction.atomic
def publish_version(*, access: Access, template: PromptTemplate) -> TemplateVersion:
    """Freeze the draft and offer it to everybody in the organization."""
    access.require_in_organization(Permission.EDIT_TEMPLATES, template.organization_id)
    if template.retired_at is not None:
        raise InvalidTransition(_("This template is retired. Restore it first, then publish."))
    drafts = TemplateVersion.objects.filter(template=template, status=VersionStatus.DRAFT)
    draft = drafts.first()
    if draft is None:
        raise InvalidTransition(_("There is no draft to publish."))
    published = drafts.filter(pk=draft.pk).update(
        status=VersionStatus.PUBLISHED,
        published_at=timezone.now(),
        published_by_id=_person(access),
    )
    if not published:
        raise InvalidTransition(_("Somebody else has just published this draft."))
    draft.refresh_from_db()
    _record(access, "published", template, version=draft.number)
    return draft


@transaction.atomic
def retire_template(*, access: Access, template: PromptTemplate) -> PromptTemplate:
    """Take a template out of the library. Pictures made with it keep their record."""
    access.require_in_organization(Permission.EDIT_TEMPLATES, template.organization_id)
    live = PromptTemplate.objects.filter(pk=template.pk, retired_at__isnull=True)
    if not live.update(retired_at=timezone.now()):
        raise InvalidTransition(_("This template is retired already."))
    template.refresh_from_db(fields=["retired_at"])
    _record(access, "retired", template)
    return template


@transaction.atomic
def restore_template(*, access: Access, template: PromptTemplate) -> PromptTemplate:
    """Put a retired template back into the library."""
    access.require_in_organization(Permission.EDIT_TEMPLATES, template.organization_id)
    retired = PromptTemplate.objects.filter(pk=template.pk, retired_at__isnull=False)
    if not retired.update(retired_at=None):
        raise InvalidTransition(_("This template is in the library already."))
    template.refresh_from_db(fields=["retired_at"])
    _record(access, "restored", template)
    return template


@transaction.atomic
def rename_template(
    *, access: Access, template: PromptTemplate, name: str, description: str
) -> PromptTemplate:
    """Change what the library calls a template; its versions stay as they are."""
    access.require_in_organization(Permission.EDIT_TEMPLATES, template.organization_id)
    before = template.name
    name, description = _name(name), _description(description)
    if (name, description) == (template.name, template.description):
        return template
    try:
        with transaction.atomic():
            PromptTemplate.objects.filter(pk=template.pk).update(name=name, description=description)
    except IntegrityError as error:
        raise _name_taken() from error
    template.refresh_from_db(fields=["name", "description"])
    _record(access, "renamed", template, before=before, after=name)
    return template


def _person(access: Access) -> int:
    if access.user_id is None:
        raise NotPermitted(_("Only a person can write templates."))
    return access.user_id


def _name(name: str) -> str:
    name = name.strip()
    if not name:
        raise InvalidInput(_("Give the template a name."), field="name")
    if len(name) > PromptTemplate.NAME_LIMIT:
        raise InvalidInput(_("This name is too long."), field="name")
    return name


def _name_taken() -> InvalidInput:
    return InvalidInput(NAME_TAKEN, field="name", code="name_taken")


def _description(description: str) -> str:
    description = description.strip()
    if len(description) > DESCRIPTION_LIMIT:
        raise InvalidInput(_("This description is too long."), field="description")
    return description


def _words(prompt: str, negative_prompt: str, suggestions: Suggestions) -> dict[str, Any]:
    prompt, negative_prompt = prompt.strip(), negative_prompt.strip()
    if not prompt:
        raise InvalidInput(_("Write the prompt of the template."), field="prompt")
    for field, text in (("prompt", prompt), ("negative_prompt", negative_prompt)):
        if len(text) > TemplateVersion.PROMPT_LIMIT:
            raise InvalidInput(_("This text is too long."), field=field)
    kept = suggestions.check().for_variables(variables_of(prompt))
    return {"prompt": prompt, "negative_prompt": negative_prompt, "defaults": kept.to_json()}


def _record(access: Access, happened: str, template: PromptTemplate, **data: Any) -> None:
    record(
        access,
        f"assets.template.{happened}",
        template,
        organization_id=template.organization_id,
        **data,
    )
