import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from accounts.access import Access
from accounts.errors import InvalidInput, InvalidTransition, NotPermitted, NotVisible
from accounts.models import AuditEvent
from accounts.roles import SCOPE_PERMISSIONS, Role, Scope
from assets import storage
from assets.actions.reviewing import reopen_image, review_image, submit_image, withdraw_image
from assets.models import Image, Review
from assets.types import Decision, ReviewStatus
from tests.assets.builders import decide, make_image, make_pending
from tests.builders import access_of, join, make_person, make_world


def approve(image, reviewer, **options):
    return review_image(
        access=access_of(reviewer),
        image=image,
        decision=Decision.APPROVE,
        **{"sha256": image.sha256, **options},
    )


@pytest.fixture
def news(monkeypatch):
    """What was told to whom, in order."""
    told = []
    monkeypatch.setattr("accounts.live.tell", lambda user_id, what: told.append((user_id, what)))
    return told


def test_maker_submits_a_draft(world):
    image = make_image(world.pets, world.uma)

    submit_image(access=access_of(world.uma), image=image)

    assert Image.objects.get(pk=image.pk).review_status == ReviewStatus.PENDING
    event = AuditEvent.objects.get(action="assets.image.submitted")
    assert (event.actor_id, event.project_id) == (world.uma.pk, world.pets.pk)
    assert event.organization_id == world.lantern.pk


def test_maker_submits_again_what_came_back_for_changes(world):
    image = make_pending(world.pets, world.uma)
    decide(image, world.rita, Decision.REQUEST_CHANGES)

    submit_image(access=access_of(world.uma), image=image)

    assert image.review_status == ReviewStatus.PENDING


@pytest.mark.parametrize(
    "status", [ReviewStatus.PENDING, ReviewStatus.APPROVED, ReviewStatus.REJECTED]
)
def test_only_drafts_and_what_came_back_can_be_submitted(world, status):
    image = make_image(world.pets, world.uma, review_status=status, archive_name="x.png")

    with pytest.raises(InvalidTransition):
        submit_image(access=access_of(world.uma), image=image)


def test_nobody_submits_the_picture_of_another(world):
    image = make_image(world.pets, world.uma)

    for person in (world.rita, world.ada, world.paul):
        with pytest.raises(NotPermitted):
            submit_image(access=access_of(person), image=image)


def test_maker_withdraws_what_nobody_has_decided(world):
    image = make_pending(world.pets, world.uma)

    withdraw_image(access=access_of(world.uma), image=image)

    assert Image.objects.get(pk=image.pk).review_status == ReviewStatus.DRAFT
    assert AuditEvent.objects.filter(action="assets.image.withdrawn").exists()


def test_a_decided_picture_cannot_be_withdrawn(world):
    image = make_pending(world.pets, world.uma)
    decide(image, world.rita)

    with pytest.raises(InvalidTransition):
        withdraw_image(access=access_of(world.uma), image=image)


def test_nobody_withdraws_the_picture_of_another(world):
    image = make_pending(world.pets, world.uma)

    with pytest.raises(NotPermitted):
        withdraw_image(access=access_of(world.rita), image=image)


def test_approval_gives_the_archive_name_and_is_bound_to_the_bytes(world):
    image = make_pending(world.pets, world.uma, created_at=datetime(2025, 1, 5, tzinfo=UTC))

    review = approve(image, world.rita, comment=" Lovely. ")

    stored = Image.objects.get(pk=image.pk)
    assert stored.review_status == ReviewStatus.APPROVED
    assert stored.archive_name == "宠物主题_20250105_0001.png"
    assert (review.sha256, review.reviewer, review.comment) == (
        image.sha256,
        world.rita,
        "Lovely.",
    )
    event = AuditEvent.objects.get(action="assets.image.approved")
    assert event.data == {"sha256": image.sha256, "comment": "Lovely."}
    assert event.target_label == "宠物主题_20250105_0001.png"


@pytest.mark.parametrize(
    ("decision", "status", "action"),
    [
        (Decision.REJECT, ReviewStatus.REJECTED, "assets.image.rejected"),
        (
            Decision.REQUEST_CHANGES,
            ReviewStatus.CHANGES_REQUESTED,
            "assets.image.changes_requested",
        ),
    ],
)
def test_a_decision_against_a_picture_needs_a_comment(world, decision, status, action):
    image = make_pending(world.pets, world.uma)

    with pytest.raises(InvalidInput) as refused:
        decide(image, world.rita, decision, comment="  ")
    decide(image, world.rita, decision, comment="The paws have six toes.")

    assert refused.value.field == "comment"
    stored = Image.objects.get(pk=image.pk)
    assert (stored.review_status, stored.archive_name) == (status, None)
    assert AuditEvent.objects.get(action=action).data["comment"] == "The paws have six toes."


def test_reviewer_cannot_approve_own_image(world):
    image = make_pending(world.pets, world.rita)

    with pytest.raises(NotPermitted, match="somebody else"):
        approve(image, world.rita)

    assert not Review.objects.exists()


def test_a_process_cannot_review(world):
    image = make_pending(world.pets, world.uma)

    with pytest.raises(NotPermitted):
        review_image(
            access=Access.system("cleaner"),
            image=image,
            decision=Decision.APPROVE,
            sha256=image.sha256,
        )


def test_a_user_cannot_review_and_a_stranger_sees_nothing(world):
    image = make_pending(world.pets, world.uma)

    with pytest.raises(NotPermitted):
        approve(image, world.paul)
    with pytest.raises(NotVisible):
        approve(image, world.mallory)


def test_a_reviewer_of_one_project_does_not_review_in_another(world):
    reviewer = make_person("pia")
    join(reviewer, world.lantern, Role.REVIEWER, project=world.products)
    image = make_pending(world.pets, world.uma)

    with pytest.raises(NotVisible):
        approve(image, reviewer)


def test_a_reading_token_of_a_reviewer_cannot_review(world):
    image = make_pending(world.pets, world.uma)
    access = access_of(world.rita).limited_to(SCOPE_PERMISSIONS[Scope.READ])

    with pytest.raises(NotPermitted):
        review_image(access=access, image=image, decision=Decision.APPROVE, sha256=image.sha256)


def test_only_a_pending_picture_can_be_decided_on(world):
    image = make_image(world.pets, world.uma)

    with pytest.raises(InvalidTransition):
        approve(image, world.rita)

    assert not Review.objects.exists()


def test_the_second_decision_loses(world):
    image = make_pending(world.pets, world.uma)
    as_ada_saw_it = Image.objects.get(pk=image.pk)
    decide(image, world.rita, Decision.REJECT)

    with pytest.raises(InvalidTransition):
        approve(as_ada_saw_it, world.ada)

    assert Review.objects.get().decision == Decision.REJECT
    assert Image.objects.get(pk=image.pk).archive_name is None


def test_a_decision_on_another_hash_is_refused(world):
    image = make_pending(world.pets, world.uma)

    with pytest.raises(InvalidTransition, match="not the picture that you looked at"):
        approve(image, world.rita, sha256="0" * 64)

    assert Image.objects.get(pk=image.pk).review_status == ReviewStatus.PENDING


def test_a_damaged_file_cannot_be_approved(world):
    image = make_pending(world.pets, world.uma)
    with storage.archive_storage().open(image.path, "wb") as file:
        file.write(b"something else")

    with pytest.raises(InvalidTransition, match="missing or damaged") as refused:
        approve(image, world.rita)

    assert refused.value.code == "file_damaged"
    assert Image.objects.get(pk=image.pk).review_status == ReviewStatus.PENDING
    assert not Review.objects.exists()


def test_a_missing_file_cannot_be_approved(world):
    image = make_pending(world.pets, world.uma)
    storage.delete_quietly(image.path)

    with pytest.raises(InvalidTransition, match="missing or damaged"):
        approve(image, world.rita)


def test_maker_hears_of_the_decision_after_it_is_committed(
    world, news, django_capture_on_commit_callbacks
):
    image = make_pending(world.pets, world.uma)

    with django_capture_on_commit_callbacks(execute=True):
        decide(image, world.rita, Decision.REQUEST_CHANGES)
        assert news == []

    assert news == [
        (
            world.uma.pk,
            {"type": "review", "image": str(image.uid), "status": "changes_requested"},
        )
    ]


def test_a_reopened_picture_keeps_its_name_and_its_history(world):
    image = make_pending(world.pets, world.uma)
    decide(image, world.rita)
    name = image.archive_name

    reopen_image(access=access_of(world.ada), image=image)
    decide(image, world.rita, Decision.REJECT)
    reopen_image(access=access_of(world.rita), image=image)
    decide(image, world.ada)

    stored = Image.objects.get(pk=image.pk)
    assert (stored.review_status, stored.archive_name) == (ReviewStatus.APPROVED, name)
    assert stored.reviews.count() == 3
    assert AuditEvent.objects.filter(action="assets.image.reopened").count() == 2


def test_a_name_given_since_the_row_was_read_stays(world):
    image = make_pending(world.pets, world.uma)
    as_ada_saw_it = Image.objects.get(pk=image.pk)
    decide(image, world.rita)
    reopen_image(access=access_of(world.rita), image=image)

    approve(as_ada_saw_it, world.ada)

    assert as_ada_saw_it.archive_name == "宠物主题_20250105_0001.png"
    assert Image.objects.get(pk=image.pk).archive_name == "宠物主题_20250105_0001.png"


@pytest.mark.parametrize("status", [ReviewStatus.DRAFT, ReviewStatus.PENDING])
def test_only_a_decision_can_be_reopened(world, status):
    image = make_image(world.pets, world.uma, review_status=status)

    with pytest.raises(InvalidTransition):
        reopen_image(access=access_of(world.rita), image=image)


def test_users_and_makers_cannot_reopen(world):
    image = make_pending(world.pets, world.rita)
    decide(image, world.ada, Decision.REJECT)

    for person in (world.uma, world.rita):
        with pytest.raises(NotPermitted):
            reopen_image(access=access_of(person), image=image)


def test_of_two_reviewers_at_the_same_moment_one_wins(transactional_db):
    world = make_world()
    image = make_pending(world.pets, world.uma)
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def decide_at_once(reviewer, decision):
        try:
            seen = Image.objects.select_related("project__organization").get(pk=image.pk)
            access = access_of(reviewer)
            start.wait(10)
            review_image(
                access=access, image=seen, decision=decision, comment="!", sha256=seen.sha256
            )
            outcomes.append("won")
        except InvalidTransition:
            outcomes.append("lost")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide_at_once, args=(world.rita, Decision.APPROVE)),
        threading.Thread(target=decide_at_once, args=(world.ada, Decision.REJECT)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    stored = Image.objects.get(pk=image.pk)
    assert sorted(outcomes) == ["lost", "won"]
    assert Review.objects.count() == 1
    assert (stored.archive_name is not None) == (stored.review_status == ReviewStatus.APPROVED)
