"""The generation app: the work."""

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    """Requests, jobs, policies, engines and the worker."""

    name = "generation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell who checks the archive that the pictures of canaries are no orphans."""
        # Models can be imported only now.
        from assets.queries.archive_check import keep_also  # noqa: PLC0415
        from generation.queries.canaries import kept_paths  # noqa: PLC0415

        keep_also(kept_paths)
