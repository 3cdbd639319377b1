"""Addresses below `/api/v1/`."""

from __future__ import annotations

from django.urls import path

from accounts.api import me, organizations

urlpatterns = [
    path("me/", me.MeView.as_view(), name="me"),
    path("organizations/", organizations.OrganizationsView.as_view(), name="organizations"),
    path(
        "organizations/<slug:slug>/projects/",
        organizations.OrganizationProjectsView.as_view(),
        name="organization-projects",
    ),
    path("projects/", organizations.ProjectsView.as_view(), name="projects"),
    path("projects/<int:project_id>/", organizations.ProjectView.as_view(), name="project"),
]
