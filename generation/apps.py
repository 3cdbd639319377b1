"""The generation app: the work."""

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    """Requests, jobs, policies, engines and the worker."""

    name = "generation"
    default_auto_field = "django.db.models.BigAutoField"
