"""The portal app: the site itself."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out


class PortalConfig(AppConfig):
    """Composes the apps; owns no models."""

    name = "portal"

    def ready(self) -> None:
        """Register the system checks, and let live streams end with the session."""
        from portal import checks  # noqa: F401, PLC0415  # registers itself
        from portal.live import end_streams_of  # noqa: PLC0415  # needs the settings

        user_logged_out.connect(end_streams_of, dispatch_uid="portal.live")
