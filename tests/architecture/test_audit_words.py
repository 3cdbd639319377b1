"""Every action that the code records can be read as a sentence."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from accounts.wording import all_words
from assets.types import OUTCOME_OF

RECORDED = re.compile(r'"((?:accounts|assets|generation|portal)\.[a-z_]+\.[a-z_]+)"')
BUILT = re.compile(r'f"((?:accounts|assets|generation)\.[a-z_]+)\.\{happened\}"')
HAPPENED = re.compile(r'_record\(\s*access,\s*"([a-z_]+)"')


def recorded_actions() -> set[str]:
    found: set[str] = set()
    for path in sorted(Path(settings.BASE_DIR).glob("*/actions/*.py")):
        text = path.read_text(encoding="utf-8")
        found |= {action for action in RECORDED.findall(text) if action.count(".") == 2}
        for prefix in BUILT.findall(text):
            found |= {f"{prefix}.{word}" for word in HAPPENED.findall(text)}
    found |= {f"assets.image.{outcome.value}" for outcome in OUTCOME_OF.values()}
    return found


def test_every_recorded_action_has_words() -> None:
    actions = recorded_actions()

    assert len(actions) > 20
    assert sorted(actions - set(all_words())) == []
