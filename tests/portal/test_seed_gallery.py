"""`manage.py seed_gallery`: rows as real work would have written them."""

from __future__ import annotations

import hashlib
from itertools import islice

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organization, User
from assets import storage
from assets.models import DayTally, Image, ImageRendition, ProjectTally
from assets.snapshot import MetadataSnapshot
from portal.demo.corpus import prompts
from tests.builders import access_of

pytestmark = pytest.mark.django_db


def test_the_same_seed_gives_the_same_prompts() -> None:
    once, again = (list(islice(prompts(3), 50)) for _ in range(2))
    assert once == again
    assert once != list(islice(prompts(4), 50))


def test_rows_files_and_counts_agree(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("seed_gallery", "--images", "12", "--seed", "5")
    images = list(Image.objects.all())
    assert len(images) == 12
    for image in images:
        data = storage.read(image.path)
        assert hashlib.sha256(data).hexdigest() == image.sha256
        assert len(data) == image.bytes
        snapshot = MetadataSnapshot.from_json(image.metadata)
        assert (snapshot.picture.seed, snapshot.words.prompt) == (image.seed, image.prompt)
    assert ImageRendition.objects.count() == 24
    assert sum(ProjectTally.objects.values_list("images", flat=True)) == 12
    assert sum(DayTally.objects.values_list("images", flat=True)) == 12
    assert "12 of 12 images" in capsys.readouterr().out


def test_one_person_is_a_member_of_three_projects_of_several() -> None:
    call_command("seed_gallery", "--images", "1", "--no-files", "--slug", "many")
    person = User.objects.get(email="many@example.com")
    assert len(access_of(person).projects) == 3
    assert Organization.objects.get(slug="many").projects.count() == 6


def test_a_second_archive_needs_another_name() -> None:
    call_command("seed_gallery", "--images", "1", "--no-files")
    with pytest.raises(CommandError, match="Choose another --slug"):
        call_command("seed_gallery", "--images", "1", "--no-files")
