"""Every write goes through an action, and every action asks first."""

from __future__ import annotations

from tests.architecture.source import first_statement, modules, public_functions

# Steps inside the transaction of an action that has asked, and the like, each with its reason.
ASKS_NOBODY = {
    "accounts/actions/auditing.py:record": "writes down what an action did",
    "assets/actions/holding.py:hold": "locks what an action that has asked is about to change",
    "assets/actions/holding.py:tell_trail": "writes down what an action did",
    "assets/actions/announcing.py:announce_arrival": "tells those who may see it anyway",
    "assets/actions/indexing.py:index_images": "a step of every action that changes an image",
    "assets/actions/looking.py:describe": "a step of archiving, importing and describing",
    "assets/actions/using.py:record_uses": "a step of asking, downloading and exporting",
    "assets/actions/tallying.py:count_arrived": "a step of archiving, moving and importing",
    "assets/actions/tallying.py:count_left": "a step of moving",
    "assets/actions/tallying.py:count_trashed": "a step of trashing",
    "assets/actions/tallying.py:count_restored": "a step of restoring",
    "assets/actions/tallying.py:count_purged": "a step of deleting for good",
    "assets/actions/tallying.py:day_of_arrival": "reads a clock",
    "assets/actions/naming.py:next_archive_name": "numbers the picture that is being approved",
    "assets/actions/naming.py:file_system_name": "turns a text into a text",
    "generation/actions/changing_several.py:change_several": "calls an action that asks, for each",
}


def test_every_action_asks_for_permission_before_anything_else() -> None:
    offenders = {
        f"{path}:{function.name}": first_statement(function).splitlines()[0]
        for path, tree in modules("actions/*.py")
        for function in public_functions(tree)
        if not first_statement(function).startswith("access.require")
    }
    assert {name: first for name, first in offenders.items() if name not in ASKS_NOBODY} == {}
    assert set(ASKS_NOBODY) <= set(offenders), "an exception that is no longer needed"


def test_actions_take_everything_by_name() -> None:
    offenders = [
        f"{path}:{function.name}"
        for path, tree in modules("actions/*.py")
        for function in public_functions(tree)
        if (function.args.args or function.args.posonlyargs)
        and f"{path}:{function.name}" not in ASKS_NOBODY
    ]
    assert offenders == []
