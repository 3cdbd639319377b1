"""The assets app: the archive."""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    """Images, renditions, reviews and prompt templates."""

    name = "assets"
    default_auto_field = "django.db.models.BigAutoField"
