"""Files dropped on the gallery become pictures; an import that was stopped goes on."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from assets.models import Image, Intake, IntakeFile
from tests.assets.importing import carry_out, painted, told
from tests.builders import World

pytestmark = pytest.mark.django_db(transaction=True)

DROP = """files => {
  const transfer = new DataTransfer();
  for (const [name, data] of files) {
    const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { lastModified: 1700000000000 }));
  }
  for (const kind of ["dragover", "drop"]) {
    document.body.dispatchEvent(
      new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}"""


def sign_in(page: Page, server: str, person: Any) -> None:
    page.goto(f"{server}/accounts/login/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_three_files_dropped_on_the_gallery_become_pictures(
    world: World, asgi_server: str, page: Page
) -> None:
    sign_in(page, asgi_server, world.uma)
    files = {"a.png": told(1), "b.webp": painted(2, "WEBP"), "c.txt": b"hello"}
    page.goto(f"{asgi_server}/projects/{world.pets.pk}/")

    packed = [[name, base64.b64encode(data).decode()] for name, data in files.items()]
    page.evaluate(DROP, packed)
    page.wait_for_url("**/imports/*/")
    expect(page.get_by_text("Looking through the files")).to_be_visible()
    carry_out()

    # The page asks by itself.
    expect(page.get_by_role("link", name="Imported 2")).to_be_visible(timeout=15_000)
    expect(page.locator("#import-result .card")).to_have_count(2)
    page.get_by_role("link", name="Refused 1").click()
    expect(page.get_by_text("c.txt")).to_be_visible()
    expect(page.get_by_text("This is no PNG, JPEG or WebP.")).to_be_visible()
    assert Image.objects.get(prompt="一只熊猫").created_at.year == 2023
    for address in (page.url, f"{asgi_server}/projects/{world.pets.pk}/import/"):
        page.goto(address)
        report = Axe().run(page)
        assert report.violations_count == 0, report.generate_report()


def test_an_import_that_is_stopped_goes_on_with_what_is_missing(
    world: World, asgi_server: str, page: Page
) -> None:
    sign_in(page, asgi_server, world.uma)
    address = f"{asgi_server}/projects/{world.pets.pk}/import/"
    page.goto(address)
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    files = [
        {"name": f"{number}.png", "mimeType": "image/png", "buffer": painted(number)}
        for number in range(3)
    ]
    page.route("**/order/", lambda route: route.abort())
    page.locator("[data-files]").set_input_files(files[:2])
    expect(page.get_by_text("The connection is away.")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped. What has arrived is kept")).to_be_visible()
    assert IntakeFile.objects.count() == 2

    page.unroute("**/order/")
    page.goto(address)
    expect(page.get_by_text("An import broke off")).to_be_visible()
    sent.clear()
    page.locator("[data-files]").set_input_files(files)
    page.wait_for_url("**/imports/*/")

    assert sum("/pieces/" in url for url in sent) == 1
    assert Intake.objects.count() == 1
    carry_out()
    assert Image.objects.count() == 3
