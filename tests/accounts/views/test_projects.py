"""Creating and describing projects on pages."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import Project
from tests.builders import World

NEW = "/organizations/lantern/projects/new/"


def test_admin_creates_a_project_and_lands_in_its_gallery(world: World, client_for) -> None:
    response = client_for(world.ada).post(NEW, {"name": "海报", "description": ""})

    project = Project.objects.get(name="海报")
    assert response["Location"] == reverse("assets:gallery", kwargs={"project_id": project.pk})
    assert client_for(world.uma).get(response["Location"]).status_code == 200


def test_taken_name_comes_back_beside_the_field(world: World, client_for) -> None:
    response = client_for(world.ada).post(NEW, {"name": "宠物主题"})

    assert response.status_code == 422
    assert "already has a project of this name" in response.content.decode()


def test_reviewer_is_told_that_only_admins_create_projects(world: World, client_for) -> None:
    assert client_for(world.rita).post(NEW, {"name": "海报"}).status_code == 403
    assert not Project.objects.filter(name="海报").exists()


def test_project_settings_are_saved(world: World, client_for) -> None:
    url = reverse("accounts:project-settings", kwargs={"project_id": world.pets.pk})

    response = client_for(world.ada).post(url, {"name": "宠物", "description": "小猫"}, follow=True)

    world.pets.refresh_from_db()
    assert (world.pets.name, world.pets.description) == ("宠物", "小猫")
    page = response.content.decode()
    assert "The project is saved." in page
    assert reverse("generation:policy", kwargs={"project_id": world.pets.pk}) in page


def test_settings_of_a_foreign_project_are_not_changed(world: World, client_for) -> None:
    url = reverse("accounts:project-settings", kwargs={"project_id": world.pets.pk})

    assert client_for(world.mallory).post(url, {"name": "Mine"}).status_code == 404
    assert client_for(world.uma).post(url, {"name": "Mine"}).status_code == 403
    world.pets.refresh_from_db()
    assert world.pets.name == "宠物主题"
