"""How the audit trail tells what the site does by itself."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.wording import AuditWords

WORDS: Mapping[str, AuditWords] = {
    "portal.demo.seeded": AuditWords(
        _("Demo made"), _("The demo made its pictures in {target}"), "sparkles"
    ),
}
