"""No address of the site shows or changes anything of another organization, by any method.

The walk takes every URL pattern there is, so new ones are included by themselves; a pattern with a
parameter that `walking.addresses` cannot fill fails here until somebody says what it means.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.actions.invitations import invite_member
from accounts.actions.tokens import create_token
from accounts.models import AuditEvent, Membership, User
from accounts.roles import Role, Scope
from assets.actions.collecting import collect_images
from assets.actions.collections import create_collection, delete_collection
from assets.actions.commenting import write_comment
from assets.actions.importing import Announced, begin_import, receive_piece
from assets.actions.operations import order_operation
from assets.actions.searches import save_search
from assets.actions.tagging import tag_images
from assets.actions.templating import create_template, publish_version
from assets.exports.options import ExportOptions
from assets.models import Image, Tag
from assets.operations.asks import Chosen
from assets.operations.export_orders import order_export
from assets.types import OperationKind
from generation.actions.workers import register_worker
from generation.models import CanaryRun, Lora, ModelVersion
from generation.types import JobStatus
from tests.assets.builders import make_image
from tests.builders import World, access_of, make_operator
from tests.generation.builders import SYSTEM, ask_for
from tests.portal.walking import METHODS, Address, addresses, rows

pytestmark = pytest.mark.django_db

MARKER = "MARK-of-Lantern"
IMPORT_STEPS = ("result", "compare", "pieces", "order", "discard", "stop", "undo")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PUBLIC = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "accounts:invitation",
    "accounts:set-language",
    "accounts:set-theme",
    "portal:health",
    "api:schema",
}


@pytest.fixture
def values(world: World) -> dict[str, Any]:
    """Ids of things that belong to Lantern, each of which carries the marker."""
    world.lantern.name = f"{MARKER} organization"
    world.lantern.save(update_fields=["name"])
    world.pets.name = f"{MARKER} project"
    world.pets.save(update_fields=["name"])
    User.objects.filter(pk=world.uma.pk).update(name=f"{MARKER} Uma")
    ada = access_of(world.ada)
    image = make_image(world.pets, world.uma, prompt=f"{MARKER} prompt")
    template = create_template(
        access=ada,
        organization=world.lantern,
        name=f"{MARKER} template",
        prompt=f"{MARKER} {{subject}}",
    )
    publish_version(access=ada, template=template)
    request = ask_for(world.pets, world.uma, prompt=f"{MARKER} prompt")
    invitation, _secret = invite_member(
        access=ada,
        organization=world.lantern,
        email=f"{MARKER.lower()}@example.com",
        role=Role.USER,
    )
    token, _secret = create_token(
        access=access_of(world.uma),
        user=world.uma,
        organization=world.lantern,
        name=f"{MARKER} token",
        scopes=[Scope.READ],
    )
    canary = CanaryRun.objects.create(
        model_version=request.model_version, number=0, path=image.path, outcome="stored"
    )
    worker = register_worker(access=SYSTEM, slot="render-1", engines=["preview"])
    # Machines are everybody's; what runs on them is not.
    ask_for(world.pets, world.uma, prompt=f"{MARKER} running").jobs.update(
        status=JobStatus.RUNNING, attempt_token=uuid4(), worker=worker
    )
    operation = order_operation(
        access=access_of(world.uma),
        project=world.pets,
        kind=OperationKind.TRASH,
        arguments={"chosen": {"ids": [image.pk]}, "name": f"{MARKER} name"},
    )
    export = order_export(
        access=access_of(world.uma),
        project=world.pets,
        chosen=Chosen(ids=(image.pk,)),
        options=ExportOptions(names=f"{MARKER}_{{id}}"),
    )
    lora = Lora.objects.create(name="Ink wash", path="a.safetensors", sha256="0" * 64)
    uma = access_of(world.uma)
    comment = write_comment(access=uma, image=image, text=f"{MARKER} comment")
    collection = create_collection(access=uma, project=world.pets, name=f"{MARKER} collection")
    collect_images(access=uma, collection=collection, images=[image])
    tag_images(access=uma, project=world.pets, images=[image], names=[f"{MARKER} tag"])
    search = save_search(
        access=uma,
        project=world.pets,
        name=f"{MARKER} search",
        query=f'"{MARKER}"',
        is_shared=True,
    )
    doomed = create_collection(access=uma, project=world.pets, name=f"{MARKER} deleted")
    undoable = delete_collection(access=uma, collection=doomed)
    intake = begin_import(access=uma, project=world.pets)
    sent = Announced(name=f"{MARKER}.png", size=1)
    receive_piece(access=uma, intake=intake, announced=sent, offset=0, data=b"x")
    return {
        "comment_id": comment.pk,
        "collection_id": collection.pk,
        "tag_id": Tag.objects.get().pk,
        "search_id": search.pk,
        "undo_id": undoable.uid,
        "slot_id": worker.slot_id,
        "model_id": request.model_version_id,
        "lora_id": lora.pk,
        "project_id": world.pets.pk,
        "slug": world.lantern.slug,
        "uid": image.uid,
        **{f"assets:import-{step}:uid": intake.uid for step in IMPORT_STEPS},
        "kind": "thumb",
        "assets:operation-ask:kind": "move",
        **{
            f"{name}:uid": operation.uid
            for prefix in ("assets", "api")
            for name in (
                f"{prefix}:operation",
                f"{prefix}:operation-cancel",
                f"{prefix}:operation-undo",
            )
        },
        "export_uid": export.uid,
        "request_id": request.pk,
        "job_id": request.jobs.get().pk,
        "template_id": template.pk,
        "membership_id": Membership.objects.get(user=world.uma).pk,
        "user_id": world.uma.pk,
        "invitation_id": invitation.pk,
        "token_id": token.pk,
        "secret": "nobody-was-given-this-secret",
        "uidb36": "1",
        "key": "nobody-was-given-this-key",
        "organization_id": world.lantern.pk,
        "organization_slug": world.lantern.slug,
        "version_number": 1,
        "number": 1,
        "run_id": canary.pk,
        "path": "portal/js/main.js",
    }


def visits(
    client: Client, values: dict[str, Any], person: User | None = None
) -> Iterator[tuple[Address, str, Any]]:
    """Every answer of every address; the walk passes the exit too, so `person` comes back in."""
    for address in addresses(values):
        for method in METHODS:
            for extra in ({}, {"HTTP_HX_REQUEST": "true"}) if method == "GET" else ({},):
                yield address, method, client.generic(method, address.path, **extra)
            if person and address.name == "account_logout":
                client.force_login(person, backend=BACKEND)


def body_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace") + str(dict(response.headers))


def crashed(address: Address, response: Any) -> bool:
    # Without a worker the site says that it is not whole: that answer is meant.
    meant = address.name == "portal:health" and response.status_code == 503
    return response.status_code >= 500 and not meant


def test_another_organizations_admin_sees_and_changes_nothing(
    world: World, values: dict[str, Any], client_for
) -> None:
    client = client_for(world.mallory)
    client.raise_request_exception = False
    before = rows()
    faults = []

    for address, method, response in visits(client, values, world.mallory):
        what = f"{method} {address.path} ({address.name}): {response.status_code}"
        if address.name not in PUBLIC and response.wsgi_request.user != world.mallory:
            faults.append(f"{what} was not asked as Mallory")
        if crashed(address, response):
            faults.append(f"{what} crashed")
        if MARKER in body_of(response):
            faults.append(f"{what} shows the other organization")
        allowed_anyway = address.name in PUBLIC or not address.names_a_thing
        if not allowed_anyway and 200 <= response.status_code < 400:
            faults.append(f"{what} answers about another organization's thing")

    assert faults == []
    after = rows()
    for label in before:
        if label == AuditEvent._meta.label:
            continue
        changed = [row for row in before[label] if row not in after[label]]
        foreign = [row for row in changed if row.get("id") != world.mallory.pk]
        assert foreign == [], label


def test_strangers_are_sent_to_sign_in_or_refused(values: dict[str, Any]) -> None:
    client = Client(raise_request_exception=False)
    before = rows()
    faults = []

    for address, method, response in visits(client, values):
        what = f"{method} {address.path} ({address.name}): {response.status_code}"
        if crashed(address, response) or MARKER in body_of(response):
            faults.append(what)
        sent_to_sign_in = response.status_code == 302 and "/login/" in response["Location"]
        refused = response.status_code in {401, 403, 404, 405}
        if address.name not in PUBLIC and not sent_to_sign_in and not refused:
            faults.append(what)

    assert faults == []
    assert rows() == before


@pytest.mark.parametrize("person", ["uma", "rita", "ada", "paul", "mallory"])
def test_the_site_is_for_those_who_operate_it(
    world: World, values: dict[str, Any], client_for, person: str
) -> None:
    client = client_for(getattr(world, person))
    before = rows()
    of_the_site = [each for each in addresses(values) if each.path.startswith("/site/")]
    assert len(of_the_site) > 15

    answers = {
        f"{method} {address.name}": client.generic(method, address.path).status_code
        for address in of_the_site
        for method in ("GET", "POST")
    }

    # What only takes forms says so to everybody, before it is asked who they are.
    assert set(answers.values()) <= {403, 405}
    for address in of_the_site:
        assert 403 in {answers[f"{method} {address.name}"] for method in ("GET", "POST")}
    assert rows() == before


def test_operators_enter_every_page_of_the_site(values: dict[str, Any], client_for) -> None:
    client = client_for(make_operator())

    for address in addresses(values):
        if address.path.startswith("/site/"):
            assert client.get(address.path).status_code in {200, 405}, address.path


def test_the_walk_knows_the_things_it_walks_past(world: World, values: dict[str, Any]) -> None:
    """The ids are right: their owner does see the marker, so a stranger's 404 means something."""
    client = Client()
    client.force_login(world.uma, backend=BACKEND)

    image = Image.objects.get(uid=values["uid"])
    assert ModelVersion.objects.exists()
    for path in (
        f"/projects/{values['project_id']}/",
        f"/images/{image.uid}/",
        f"/requests/{values['request_id']}/",
        f"/organizations/{values['slug']}/templates/",
    ):
        response = client.get(path)
        assert response.status_code == 200, path
        assert MARKER in response.content.decode(), path
