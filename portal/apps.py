"""The portal app: the site itself."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Composes the apps; owns no models."""

    name = "portal"
