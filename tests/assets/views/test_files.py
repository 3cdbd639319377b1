import asyncio
import warnings

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient

from assets import storage
from tests.assets.builders import decide, make_image, make_pending
from tests.builders import make_world


def url_of(image, name="file/"):
    return f"/images/{image.uid}/{name}"


def body(response):
    return b"".join(response.streaming_content)


def test_the_original_comes_byte_for_byte_and_may_be_kept_by_this_person_only(world, client_for):
    image = make_image(world.pets, world.uma)

    response = client_for(world.paul).get(url_of(image))

    assert storage.sha256_of(body(response)) == image.sha256
    assert response["Content-Type"] == "image/png"
    assert response["Content-Length"] == str(image.bytes)
    assert response["ETag"] == f'"{image.sha256}"'
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_download_has_the_archive_name(world, client_for):
    image = decide(make_pending(world.pets, world.uma), world.rita)

    response = client_for(world.uma).get(url_of(image) + "?download=1")

    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E5%AE%A0%E7%89%A9%E4%B8%BB%E9%A2%98_20250105_0001.png"
    )


def test_a_draft_is_named_after_its_public_id(world, client_for):
    image = make_image(world.pets, world.uma)

    response = client_for(world.uma).get(url_of(image) + "?download=1")

    assert response["Content-Disposition"] == f'attachment; filename="{image.uid}.png"'


@pytest.mark.parametrize("kind", ["thumb", "preview"])
def test_renditions_are_webp_with_a_tag_of_their_own(world, client_for, kind):
    image = make_image(world.pets, world.uma)

    response = client_for(world.uma).get(url_of(image, f"{kind}.webp"))

    assert response["Content-Type"] == "image/webp"
    assert response["ETag"] == f'"{image.sha256}-{kind}"'
    assert body(response)[:4] == b"RIFF"


def test_what_the_browser_has_is_not_sent_again(world, client_for):
    image = make_image(world.pets, world.uma)
    client = client_for(world.uma)

    same = client.get(url_of(image), headers={"If-None-Match": f'"{image.sha256}"'})
    other = client.get(url_of(image), headers={"If-None-Match": '"something else"'})

    assert (same.status_code, same.content) == (304, b"")
    assert same["Cache-Control"].startswith("private")
    assert other.status_code == 200


def test_the_browsers_copy_is_of_no_use_to_who_may_not_see_it(world, client_for):
    image = make_image(world.pets, world.uma)

    for name in ("file/", "thumb.webp"):
        for tag in (image.sha256, f"{image.sha256}-thumb", "*"):
            quoted = tag if tag == "*" else f'"{tag}"'
            response = client_for(world.mallory).get(
                url_of(image, name), headers={"If-None-Match": quoted}
            )
            assert response.status_code == 404


def test_members_of_another_project_get_nothing(world, client_for):
    image = make_image(world.products, world.uma)

    assert client_for(world.paul).get(url_of(image)).status_code == 404
    assert client_for(world.paul).get(url_of(image, "thumb.webp")).status_code == 404
    assert client_for(world.uma).get(url_of(image, "poster.webp")).status_code == 404


def test_anonymous_visitors_are_sent_to_sign_in(world, client):
    image = make_image(world.pets, world.uma)

    assert client.get(url_of(image)).status_code == 302
    assert client.get(url_of(image, "thumb.webp")).status_code == 302


def test_a_missing_file_is_a_calm_page_and_a_loud_line_in_the_log(world, client_for, caplog):
    image = make_image(world.pets, world.uma)
    storage.delete_quietly(image.path)

    response = client_for(world.uma).get(url_of(image))

    assert response.status_code == 404
    assert "missing from the archive" in response.content.decode()
    assert "archive.file_missing" in caplog.text


def test_head_tells_the_size_and_post_is_refused(world, client_for):
    image = make_image(world.pets, world.uma)
    client = client_for(world.uma)

    assert client.head(url_of(image))["Content-Length"] == str(image.bytes)
    assert client.post(url_of(image)).status_code == 405


def test_the_async_server_streams_without_reading_the_whole_file_first(transactional_db):
    world = make_world()
    image = make_image(world.pets, world.uma, size=(640, 640))

    async def fetch() -> bytes:
        client = AsyncClient()
        await client.aforce_login(
            world.uma, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        response = await client.get(url_of(image))
        assert response.is_async
        content = b"".join([chunk async for chunk in response.streaming_content])
        await sync_to_async(connections.close_all)()  # of the thread that answered
        return content

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert storage.sha256_of(asyncio.run(fetch())) == image.sha256
