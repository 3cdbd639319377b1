"""The accounts app: people and permission, the bottom layer."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organizations, projects, memberships, tokens and the audit trail."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
