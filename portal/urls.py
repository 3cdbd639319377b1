"""The site's addresses: one include per app."""

from django.urls import include, path

from accounts.urls import sign_in_patterns
from portal import views

portal_patterns = [
    path("", views.home, name="home"),
    path("projects/<int:project_id>/home/", views.project_home, name="project-home"),
    path("healthz", views.healthz, name="health"),
]

urlpatterns = [
    path("", include((portal_patterns, "portal"))),
    path("accounts/", include(sign_in_patterns)),
    path("api/v1/", include("portal.api")),
    path("", include("accounts.urls")),
    path("", include("assets.urls")),
    path("", include("generation.urls")),
]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.permission_denied"
handler404 = "portal.errors.page_not_found"
handler500 = "portal.errors.server_error"
