"""Static files under hashed names, ES-module imports included."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatics(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped base
    """Names carry a hash of the content, so browsers may keep them for ever."""

    support_js_module_import_aggregation = True
