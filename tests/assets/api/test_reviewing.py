"""From draft to decision through the API."""

from __future__ import annotations

import pytest

from accounts.roles import Scope
from assets.models import Review
from assets.types import Decision, ReviewStatus
from tests.assets.builders import decide, make_image, make_pending
from tests.callers import assert_refused, browser_of, program_of


@pytest.fixture(params=["token", "session"])
def caller_of(request, world):
    """`caller_of(world.uma)` calls through a program or a browser."""
    if request.param == "session":
        return browser_of
    return lambda person: program_of(person, world.lantern)


def test_a_picture_goes_from_draft_to_approval(world, caller_of) -> None:
    uma, rita = caller_of(world.uma), caller_of(world.rita)
    image = make_image(world.pets, world.uma)

    submitted = uma.call("post", f"/images/{image.uid}/submit/")
    assert (submitted.status_code, submitted.json()["review_status"]) == (200, "pending")

    waiting = rita.call("get", f"/projects/{world.pets.pk}/review-queue/").json()["items"]
    assert [each["uid"] for each in waiting] == [str(image.uid)]
    decision = {"decision": "approve", "sha256": waiting[0]["sha256"], "comment": "Lovely."}
    approved = rita.call("post", f"/images/{image.uid}/review/", decision)
    assert (approved.status_code, approved.json()["review_status"]) == (200, "approved")
    assert approved.json()["archive_name"].startswith("宠物主题_")

    reviews = uma.call("get", f"/images/{image.uid}/reviews/").json()["items"]
    assert [(each["reviewer"]["name"], each["decision"], each["comment"]) for each in reviews] == [
        ("Rita", "approve", "Lovely.")
    ]
    reopened = rita.call("post", f"/images/{image.uid}/reopen/")
    assert (reopened.status_code, reopened.json()["review_status"]) == (200, "pending")


def test_the_maker_takes_a_picture_back(world, caller_of) -> None:
    image = make_pending(world.pets, world.uma)

    withdrawn = caller_of(world.uma).call("post", f"/images/{image.uid}/withdraw/")

    assert withdrawn.json()["review_status"] == "draft"
    assert_refused(
        caller_of(world.paul).call("post", f"/images/{image.uid}/submit/"),
        403,
        code="not_permitted",
    )


def test_the_second_decision_loses(world, caller_of) -> None:
    image = decide(make_pending(world.pets, world.uma), world.rita)
    decision = {"decision": "reject", "sha256": image.sha256, "comment": "No."}

    response = caller_of(world.ada).call("post", f"/images/{image.uid}/review/", decision)

    assert_refused(response, 409, code="conflict")
    assert Review.objects.count() == 1


def test_submitting_twice_is_a_conflict(world, caller_of) -> None:
    image = make_pending(world.pets, world.uma)

    assert_refused(caller_of(world.uma).call("post", f"/images/{image.uid}/submit/"), 409)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decision": "admire"}, "decision"),
        ({"decision": None}, "decision"),
        ({"sha256": "short"}, "sha256"),
        ({"sha256": None}, "sha256"),
        ({"decision": "reject", "comment": " "}, "comment"),
        ({"comment": "x" * 2001}, "comment"),
        ({"verdict": "approve"}, "verdict"),
    ],
)
def test_a_decision_that_makes_no_sense_names_the_field(world, caller_of, changes, field) -> None:
    image = make_pending(world.pets, world.uma)
    decision = {"decision": "approve", "sha256": image.sha256, "comment": "", **changes}

    response = caller_of(world.rita).call("post", f"/images/{image.uid}/review/", decision)

    assert_refused(response, 400, field=field)
    image.refresh_from_db()
    assert image.review_status == ReviewStatus.PENDING


def test_a_decision_about_other_bytes_is_refused(world, caller_of) -> None:
    image = make_pending(world.pets, world.uma)
    decision = {"decision": "approve", "sha256": "0" * 64}

    response = caller_of(world.rita).call("post", f"/images/{image.uid}/review/", decision)

    assert_refused(response, 409)


def test_nobody_decides_on_their_own_picture(world, caller_of) -> None:
    image = make_pending(world.pets, world.rita)
    decision = {"decision": "approve", "sha256": image.sha256}

    response = caller_of(world.rita).call("post", f"/images/{image.uid}/review/", decision)

    assert_refused(response, 403, code="not_permitted")


def test_users_neither_decide_nor_see_the_queue(world, caller_of) -> None:
    image = make_pending(world.pets, world.rita)
    decision = {"decision": "approve", "sha256": image.sha256}
    uma = caller_of(world.uma)

    assert_refused(uma.call("post", f"/images/{image.uid}/review/", decision), 403)
    assert_refused(uma.call("post", f"/images/{image.uid}/reopen/"), 403)
    assert_refused(uma.call("get", f"/projects/{world.pets.pk}/review-queue/"), 403)


def test_a_stranger_finds_nothing_to_decide(world) -> None:
    image = make_pending(world.pets, world.uma)
    mallory = program_of(world.mallory, world.harbour)
    decision = {"decision": "approve", "sha256": image.sha256}

    assert_refused(mallory.call("post", f"/images/{image.uid}/review/", decision), 404)
    for step in ("submit", "withdraw", "reopen"):
        assert_refused(mallory.call("post", f"/images/{image.uid}/{step}/"), 404)
    assert_refused(mallory.call("get", f"/projects/{world.pets.pk}/review-queue/"), 404)


def test_deciding_needs_the_scope(world) -> None:
    image = make_pending(world.pets, world.uma)
    program = program_of(world.rita, world.lantern, Scope.READ, Scope.GENERATE, Scope.MANAGE)
    decision = {"decision": "approve", "sha256": image.sha256}

    response = program.call("post", f"/images/{image.uid}/review/", decision)

    assert "review" in assert_refused(response, 403, code="scope_missing")["sentence"]


def test_the_queue_is_oldest_first_in_pages_of_constant_cost(
    world, django_assert_max_num_queries
) -> None:
    images = [make_pending(world.pets, world.uma) for _ in range(5)]
    make_pending(world.pets, world.rita)
    rita, path = browser_of(world.rita), f"/projects/{world.pets.pk}/review-queue/"

    with django_assert_max_num_queries(5):  # session, person, access, project, images
        first = rita.call("get", f"{path}?limit=3").json()
    rest = rita.get(first["next"]).json()

    found = [each["uid"] for each in first["items"] + rest["items"]]
    assert found == [str(image.uid) for image in images]
    assert rest["next"] is None


def test_the_history_of_an_image_is_newest_first(world) -> None:
    image = decide(make_pending(world.pets, world.uma), world.rita, Decision.REQUEST_CHANGES)
    uma = browser_of(world.uma)
    uma.call("post", f"/images/{image.uid}/submit/")
    image.refresh_from_db()
    decide(image, world.ada)

    first = uma.call("get", f"/images/{image.uid}/reviews/?limit=1").json()
    second = uma.get(first["next"]).json()

    assert [each["decision"] for each in first["items"] + second["items"]] == [
        "approve",
        "request_changes",
    ]
