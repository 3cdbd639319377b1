"""Pages for what is done to many pictures at once."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from assets.actions.collections import create_collection
from assets.models import Image, ImageTag, Operation
from assets.operations import choosing
from assets.types import OperationKind, OperationStatus
from tests.assets.operations.builders import make_rows, order, run_all
from tests.builders import World, access_of

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def begin_url(world: World) -> str:
    return reverse("assets:operation-begin", kwargs={"project_id": world.pets.pk})


def page_of(operation: Operation, name: str = "operation") -> str:
    return reverse(f"assets:{name}", kwargs={"uid": operation.uid})


def uids(images: list[Image]) -> str:
    return ",".join(str(image.uid) for image in images)


def test_a_few_pictures_are_changed_at_once_and_the_card_says_so(world: World, client_for) -> None:
    images = make_rows(world.pets, world.uma, 3)

    answer = client_for(world.uma).post(
        begin_url(world), {"kind": "trash", "uid": uids(images)}, **HTMX
    )

    assert answer.status_code == 200
    assert "3 pictures are in the trash." in answer.content.decode()
    assert "atelier:ordered" in answer["HX-Trigger"]
    assert Image.objects.in_trash().count() == 3


def test_everything_found_is_meant_up_to_what_was_seen_and_without_what_was_deselected(
    world: World, client_for
) -> None:
    images = make_rows(world.pets, world.uma, 4, prompt="红色围巾")
    make_rows(world.pets, world.uma, 1, prompt="something else")
    later = make_rows(world.pets, world.uma, 1, prompt="红色围巾")

    client_for(world.uma).post(
        begin_url(world),
        {
            "kind": "trash",
            "all": "1",
            "q": "红色围巾",
            "up_to": str(images[3].uid),
            "without": str(images[1].uid),
        },
        **HTMX,
    )

    trashed = set(Image.objects.in_trash().values_list("pk", flat=True))
    assert trashed == {images[0].pk, images[2].pk, images[3].pk}
    assert later[0].pk not in trashed


def test_many_pictures_are_the_archivists(world: World, client_for) -> None:
    images = make_rows(world.pets, world.uma, 51)

    answer = client_for(world.uma).post(
        begin_url(world), {"kind": "tag", "tags": "hero, 春天", "all": "1", "q": ""}, **HTMX
    )
    assert "Finding the pictures…" in answer.content.decode()
    assert Operation.objects.get().status == OperationStatus.WAITING

    run_all()
    shown = client_for(world.uma).get(page_of(Operation.objects.get()), **HTMX)
    assert "51 pictures are tagged “hero, 春天”." in shown.content.decode()
    assert ImageTag.objects.count() == 2 * len(images)


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"kind": "trash"}, "No picture is selected"),
        ({"kind": "trash", "uid": "nonsense"}, "not the name of a picture"),
        ({"kind": "trash", "uid": str(uuid4())}, "No picture is selected"),
        ({"kind": "explode", "all": "1"}, "cannot be done"),
        ({"kind": "tag", "all": "1"}, "Write a tag"),
        ({"kind": "move", "all": "1"}, "Choose the project"),
        ({"kind": "collect", "all": "1"}, "Choose a collection"),
        ({"kind": "trash", "all": "1", "q": "rating:>="}, "mistake"),
        ({"kind": "trash", "all": "1", "q": "x" * 2001}, "too long"),
        ({"kind": "trash", "uid": ",".join(["x"] * 2001)}, "At most 2000"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    world: World, client_for, sent: dict[str, str], says: str
) -> None:
    make_rows(world.pets, world.uma, 1)

    answer = client_for(world.uma).post(begin_url(world), sent, **HTMX)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Operation.objects.exists()


def test_more_than_the_most_is_refused_with_the_number(
    world: World, client_for, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "MOST_FOUND", 2)
    make_rows(world.pets, world.uma, 3)

    answer = client_for(world.uma).post(begin_url(world), {"kind": "trash", "all": "1"}, **HTMX)

    assert answer.status_code == 422
    assert "At most 2 pictures" in answer.content.decode()


def test_without_scripts_the_answer_is_the_page_about_it(world: World, client_for) -> None:
    images = make_rows(world.pets, world.uma, 1) + make_rows(world.pets, world.ada, 1)

    answer = client_for(world.uma).post(
        begin_url(world),
        {"kind": "trash", "uid": [str(image.uid) for image in images]},
        follow=True,
    )

    page = answer.content.decode()
    assert answer.redirect_chain[0][0] == page_of(Operation.objects.get())
    assert "1 was skipped." in page
    assert "Somebody else made it." in page


def test_what_was_done_is_undone_on_its_page(world: World, client_for) -> None:
    images = make_rows(world.pets, world.uma, 2)
    client = client_for(world.uma)
    client.post(begin_url(world), {"kind": "trash", "uid": uids(images)})

    answer = client.post(page_of(Operation.objects.get(), "operation-undo"), **HTMX)

    assert "Undone for 2 pictures." in answer.content.decode()
    assert not Image.objects.in_trash().exists()


def test_the_last_thing_is_undone_and_then_the_one_before(world: World, client_for) -> None:
    images = make_rows(world.pets, world.uma, 2)
    client = client_for(world.uma)
    undo = reverse("assets:undo-last", kwargs={"project_id": world.pets.pk})
    client.post(begin_url(world), {"kind": "tag", "tags": "hero", "uid": uids(images)})
    client.post(begin_url(world), {"kind": "trash", "uid": uids(images)})

    assert client.post(undo, **HTMX).status_code == 200
    assert not Image.objects.in_trash().exists()
    assert ImageTag.objects.count() == 2
    assert client.post(undo, **HTMX).status_code == 200
    assert ImageTag.objects.count() == 0
    nothing = client.post(undo, **HTMX)
    assert nothing.status_code == 409
    assert "nothing to undo" in nothing.content.decode()


def test_what_was_tagged_and_collected_by_hand_is_undone_as_well(world: World, client_for) -> None:
    images = make_rows(world.pets, world.uma, 2)
    collection = create_collection(access=access_of(world.uma), project=world.pets, name="Spring")
    client = client_for(world.uma)
    undo = reverse("assets:undo-last", kwargs={"project_id": world.pets.pk})
    named = [str(image.uid) for image in images]
    client.post(reverse("assets:tag-pictures"), {"uid": named, "add": "hero"}, **HTMX)
    client.post(
        reverse("assets:collect-pictures"), {"uid": named, "collection": collection.pk}, **HTMX
    )
    assert (ImageTag.objects.count(), collection.items.count()) == (2, 2)

    client.post(undo, **HTMX)
    assert (ImageTag.objects.count(), collection.items.count()) == (2, 0)
    client.post(undo, **HTMX)
    assert ImageTag.objects.count() == 0


def test_nobody_undoes_what_somebody_else_did_last(world: World, client_for) -> None:
    images = make_rows(world.pets, world.uma, 1)
    client_for(world.uma).post(begin_url(world), {"kind": "trash", "uid": uids(images)})
    undo = reverse("assets:undo-last", kwargs={"project_id": world.pets.pk})

    assert client_for(world.ada).post(undo, **HTMX).status_code == 409


def test_an_operation_is_stopped_on_its_page(world: World, client_for) -> None:
    operation = order(
        world.uma, world.pets, OperationKind.TRASH, make_rows(world.pets, world.uma, 1)
    )

    answer = client_for(world.uma).post(page_of(operation, "operation-cancel"), **HTMX)

    assert answer.status_code == 200
    operation.refresh_from_db()
    assert operation.status == OperationStatus.CANCELLED
    assert client_for(world.uma).post(page_of(operation, "operation-cancel")).status_code == 409


def test_operations_of_others_are_for_those_who_manage_the_project(
    world: World, client_for
) -> None:
    operation = order(
        world.uma, world.pets, OperationKind.TRASH, make_rows(world.pets, world.uma, 1)
    )

    for name in ("operation", "operation-cancel", "operation-undo"):
        method = "get" if name == "operation" else "post"
        assert (
            getattr(client_for(world.mallory), method)(page_of(operation, name)).status_code == 404
        )
        assert getattr(client_for(world.rita), method)(page_of(operation, name)).status_code == 403
    assert client_for(world.ada).get(page_of(operation)).status_code == 200
    assert client_for(world.ada).post(page_of(operation, "operation-cancel")).status_code == 302


def test_the_dock_shows_ones_own_operations_only(world: World, client_for) -> None:
    mine = order(world.uma, world.pets, OperationKind.TRASH, make_rows(world.pets, world.uma, 1))
    others = order(world.ada, world.pets, OperationKind.TRASH, make_rows(world.pets, world.ada, 1))
    dock = reverse("assets:operations-dock")

    page = client_for(world.uma).get(f"{dock}?uid={mine.uid}&uid={others.uid}&uid=x").content

    assert str(mine.uid).encode() in page
    assert str(others.uid).encode() not in page


def test_the_list_takes_a_constant_number_of_queries(
    world: World, client_for, django_assert_max_num_queries
) -> None:
    for _each in range(5):
        images = make_rows(world.pets, world.uma, 1)
        order(world.uma, world.pets, OperationKind.TRASH, images)
    client = client_for(world.uma)

    with django_assert_max_num_queries(9):
        page = client.get(reverse("assets:operations")).content.decode()
    assert page.count("data-operation=") == 5
    assert client.get(reverse("assets:operations") + "?cursor=1").status_code == 200


@pytest.mark.parametrize("kind", ["tag", "untag", "collect", "uncollect", "move"])
def test_each_question_can_be_asked(world: World, client_for, kind: str) -> None:
    create_collection(access=access_of(world.uma), project=world.pets, name="Spring")
    ask = reverse("assets:operation-ask", kwargs={"project_id": world.pets.pk, "kind": kind})

    page = client_for(world.uma).get(ask, **HTMX)

    assert page.status_code == 200
    assert f'data-kind="{kind}"' in page.content.decode()
    assert client_for(world.mallory).get(ask).status_code == 404


def test_only_projects_of_the_organization_are_offered(world: World, client_for) -> None:
    ask = reverse("assets:operation-ask", kwargs={"project_id": world.pets.pk, "kind": "move"})

    page = client_for(world.uma).get(ask, **HTMX).content.decode()

    assert world.products.name in page
    assert world.harbour_project.name not in page
    assert f'value="{world.pets.pk}"' not in page
