"""The comments beside a picture, with scripts and without."""

from __future__ import annotations

import pytest
from django.urls import reverse

from assets.actions.commenting import write_comment
from assets.models import ImageComment
from tests.assets.builders import make_image
from tests.builders import access_of

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def image(world):
    return make_image(world.pets, world.uma)


def comments_url(image):
    return reverse("assets:comments", kwargs={"uid": image.uid})


def url(name, comment):
    return reverse(f"assets:comment-{name}", kwargs={"comment_id": comment.pk})


def say(person, image, text="Too warm"):
    return write_comment(access=access_of(person), image=image, text=text)


def test_without_scripts_it_goes_back_to_the_page(world, client_for, image) -> None:
    client = client_for(world.rita)

    answer = client.post(comments_url(image), {"text": "光线很好"}, follow=True)

    assert answer.redirect_chain == [(f"/images/{image.uid}/#comments", 302)]
    assert "光线很好" in answer.content.decode()


def test_with_scripts_the_part_is_answered(world, client_for, image) -> None:
    answer = client_for(world.rita).post(comments_url(image), {"text": "<b>Nice</b>"}, **HTMX)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.lstrip().startswith("<live-comments")
    assert "&lt;b&gt;Nice&lt;/b&gt;" in text


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_an_empty_comment_comes_back_with_a_sentence(world, client_for, image, extra) -> None:
    answer = client_for(world.uma).post(comments_url(image), {"text": " "}, **extra)

    assert answer.status_code == 422
    assert "Write something first." in answer.content.decode()
    assert not ImageComment.objects.exists()


def test_only_ones_own_can_be_changed(world, client_for, image) -> None:
    hers, theirs = say(world.uma, image, "Mine"), say(world.rita, image, "Theirs")

    page = client_for(world.uma).get(comments_url(image)).content.decode()

    assert url("edit", hers) in page
    assert url("edit", theirs) not in page
    for name in ("edit", "remove", "restore"):
        answer = client_for(world.uma).post(url(name, theirs), {"text": "x"})
        assert answer.status_code == 403


def test_a_correction_opens_its_own_form(world, client_for, image) -> None:
    comment = say(world.uma, image)

    answer = client_for(world.uma).post(url("edit", comment), {"text": ""}, **HTMX)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="edit-{comment.pk}" open' in text
    assert text.count("Write something first.") == 1


def test_what_was_removed_can_be_brought_back_where_it_was(world, client_for, image) -> None:
    comment = say(world.uma, image)
    client = client_for(world.uma)

    removed = client.post(url("remove", comment), **HTMX).content.decode()
    assert "Too warm" not in removed
    assert url("restore", comment) in removed
    assert (
        url("restore", comment)
        not in client_for(world.rita).get(comments_url(image)).content.decode()
    )

    assert "Too warm" in client.post(url("restore", comment), **HTMX).content.decode()


def test_strangers_find_nothing(world, client_for, client, image) -> None:
    comment = say(world.uma, image)
    stranger = client_for(world.mallory)

    assert stranger.get(comments_url(image)).status_code == 404
    assert stranger.post(comments_url(image), {"text": "x"}).status_code == 404
    for name in ("edit", "remove", "restore"):
        assert stranger.post(url(name, comment), {"text": "x"}).status_code == 404
    assert client.get(comments_url(image)).status_code == 302


def test_nothing_is_written_by_looking(world, client_for, image) -> None:
    comment = say(world.uma, image)

    for name in ("edit", "remove", "restore"):
        assert client_for(world.uma).get(url(name, comment)).status_code == 405
    comment.refresh_from_db()
    assert comment.removed_at is None
