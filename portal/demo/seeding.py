"""Makes the demo through the same actions as real work, so that it looks and behaves like it.

Every step finds what an interrupted run has already made, and the last one leaves a mark in the
audit trail: the demo is made once, however often this is called.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings

from accounts.access import Access, Actor
from accounts.actions.auditing import record
from accounts.actions.invitations import invite_member, join_by_invitation
from accounts.actions.organizations import create_organization
from accounts.actions.people import appoint_operator
from accounts.actions.projects import create_project
from accounts.grants import access_for
from accounts.models import AuditEvent, Organization, Project, User
from assets.actions.reviewing import review_image, submit_image
from assets.actions.templating import create_template, publish_version
from assets.models import Image, PromptTemplate, TemplateVersion
from assets.suggestions import Suggestions
from assets.types import Decision, ReviewStatus
from generation.actions.policies import change_organization_policy
from generation.actions.requesting import request_images
from generation.actions.slots import forget_slot
from generation.actions.workers import register_worker, retire_worker
from generation.limits import HoursRule, PolicyValues
from generation.models import GenerationRequest, ModelVersion
from generation.types import ImageAsk
from generation.worker.hosting import EngineHost
from generation.worker.one_by_one import OneByOne
from portal.demo.people import (
    ADA,
    CHEN,
    HARBOUR_PEOPLE,
    LANTERN_PEOPLE,
    MALLORY,
    NOOR,
    PASSWORD,
    RITA,
    DemoPerson,
)
from portal.demo.work import (
    AUTUMN,
    BACKGROUNDS,
    COMMENTS,
    DRAFT,
    HARBOUR_TEMPLATES,
    LANTERN_TEMPLATES,
    PETS,
    DemoAsk,
    DemoProject,
    DemoTemplate,
)

SYSTEM = Access.system("demo")
SEEDED = "portal.demo.seeded"
Say = Callable[[str], None]


def seed(say: Say) -> bool:
    """Make the demo; `False` when it had been made before."""
    if AuditEvent.objects.filter(action=SEEDED).exists():
        return False
    lantern = _organization("灯笼设计 Lantern", "lantern", LANTERN_PEOPLE)
    harbour = _organization("Harbour Studio", "harbour", HARBOUR_PEOPLE)
    _open_at_all_hours(lantern, ADA)
    _open_at_all_hours(harbour, MALLORY)
    _make_operator(ADA)
    _library(lantern, ADA, LANTERN_TEMPLATES)
    _library(harbour, MALLORY, HARBOUR_TEMPLATES)
    rooms = [
        (_project(lantern, ADA, PETS), PETS, (RITA, CHEN)),
        (_project(lantern, ADA, BACKGROUNDS), BACKGROUNDS, (RITA, CHEN)),
        (_project(harbour, MALLORY, AUTUMN), AUTUMN, (NOOR, MALLORY)),
    ]
    asked = [
        (_request(project, ask, number), ask, reviewers)
        for project, plan, reviewers in rooms
        for number, ask in enumerate(plan.asks)
    ]
    _draw_everything(say, sum(ask.count for _request_, ask, _reviewers in asked))
    for request, ask, reviewers in asked:
        _decide(request, ask, reviewers)
    record(SYSTEM, SEEDED, lantern, organization_id=lantern.pk)
    return True


def _access(person: DemoPerson) -> Access:
    user = User.objects.get(email=person.email)
    return access_for(user, Actor(label=str(user), user_id=user.pk))


def _organization(name: str, slug: str, people: Sequence[DemoPerson]) -> Organization:
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        organization = create_organization(access=SYSTEM, name=name, slug=slug)
    for person in people:
        if User.objects.filter(email=person.email).exists():
            continue
        _invitation, secret = invite_member(
            access=SYSTEM, organization=organization, email=person.email, role=person.role
        )
        join_by_invitation(
            access=Access.nobody(),
            secret=secret,
            name=person.name,
            password=PASSWORD,
            language=person.language,
        )
    return organization


def _make_operator(person: DemoPerson) -> None:
    """Somebody has to look after the workers of the demo as well."""
    user = User.objects.get(email=person.email)
    if not user.is_superuser:
        appoint_operator(access=SYSTEM, user=user)


def _open_at_all_hours(organization: Organization, admin: DemoPerson) -> None:
    """Whoever tries the demo at night wants to see a picture come, and four at once."""
    change_organization_policy(
        access=_access(admin),
        organization=organization,
        values=PolicyValues(hours_rule=HoursRule.ALWAYS, max_images_per_request=4),
    )


def _project(organization: Organization, admin: DemoPerson, plan: DemoProject) -> Project:
    found = Project.objects.filter(organization=organization, name=plan.name).first()
    return found or create_project(
        access=_access(admin),
        organization=organization,
        name=plan.name,
        description=plan.description,
    )


def _library(
    organization: Organization, admin: DemoPerson, templates: Sequence[DemoTemplate]
) -> None:
    access = _access(admin)
    for plan in templates:
        if PromptTemplate.objects.filter(organization=organization, name=plan.name).exists():
            continue
        width, height = plan.size
        template = create_template(
            access=access,
            organization=organization,
            name=plan.name,
            description=plan.description,
            prompt=plan.prompt,
            negative_prompt=plan.negative,
            suggestions=Suggestions(width=width, height=height, examples=plan.examples),
        )
        publish_version(access=access, template=template)


def _request(project: Project, ask: DemoAsk, number: int) -> GenerationRequest:
    width, height = ask.size
    ticket = _ticket(project, number)
    return request_images(
        access=_access(ask.maker),
        project=project,
        ask=ImageAsk(
            prompt=ask.prompt,
            negative_prompt=ask.negative,
            width=width,
            height=height,
            cfg=ask.cfg,
            seed=zlib.crc32(ticket.bytes) if ask.seed is None else ask.seed,
            count=ask.count,
            model_version_id=ModelVersion.objects.get(engine="preview").pk,
            template_version_id=_version_id(project, ask.template),
            template_values=ask.values,
            ticket=ticket,
        ),
    )


def _ticket(project: Project, number: int) -> UUID:
    """The same ask has the same ticket in every run, so it is written down once."""
    return uuid5(NAMESPACE_URL, f"atelier-demo/{project.organization.slug}/{project}/{number}")


def _version_id(project: Project, name: str) -> int | None:
    if not name:
        return None
    return TemplateVersion.objects.get(
        template__organization_id=project.organization_id, template__name=name
    ).pk


def _draw_everything(say: Say, total: int) -> None:
    """Run the waiting jobs here and now, with the preview engine."""
    preview = {**settings.GENERATION_ENGINES["preview"], "OPTIONS": {}}
    host = EngineHost({"preview": preview})
    worker = register_worker(access=SYSTEM, slot="demo", engines=host.names)
    runner = OneByOne(host=host, worker=worker)
    done = 0
    while runner.run_next():
        done += 1
        if done % 10 == 0:
            say(f"{done} of {total} demo pictures are drawn.")
    retire_worker(access=SYSTEM, worker_id=worker.pk)
    host.close()
    if worker.slot:
        forget_slot(access=SYSTEM, slot=worker.slot)  # it is no machine that anybody looks after


def _decide(request: GenerationRequest, ask: DemoAsk, reviewers: Sequence[DemoPerson]) -> None:
    """Hand in and decide as the plan says; nobody decides about their own pictures."""
    images = Image.objects.filter(request_id=request.pk).order_by("id")
    others = [person for person in reviewers if person != ask.maker]
    for index, (image, fate) in enumerate(zip(images, ask.fates, strict=False)):
        if fate == DRAFT or image.review_status != ReviewStatus.DRAFT:
            continue
        submit_image(access=_access(ask.maker), image=image)
        if fate in Decision.values:
            decision = Decision(fate)
            review_image(
                access=_access(others[index % len(others)]),
                image=image,
                decision=decision,
                sha256=image.sha256,
                comment=COMMENTS[decision],
            )
