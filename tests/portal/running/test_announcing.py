"""What a person sees once the site answers."""

from __future__ import annotations

import io

from portal.demo.people import PASSWORD, PEOPLE
from portal.running.announcing import welcome
from portal.running.output import Output, columns

HERE = ["http://127.0.0.1:8000/"]


def test_box_says_where_and_who() -> None:
    text = "\n".join(welcome("Atelier", HERE, PEOPLE))

    assert HERE[0] in text
    assert PASSWORD in text
    assert all(person.email in text for person in PEOPLE)
    assert "Everybody" not in text


def test_site_without_demo_names_nobody() -> None:
    assert "Sign in" not in "\n".join(welcome("Atelier", HERE, ()))


def test_demo_that_others_can_reach_is_pointed_out() -> None:
    lines = welcome("Atelier", [*HERE, "http://192.0.2.7:8000/"], PEOPLE)

    assert "Everybody who reaches this address can sign in to the demo as well." in lines


def test_frame_fits_chinese_words() -> None:
    stream = io.StringIO()

    Output(stream).box(["设计师，灯笼设计", "designer"])

    assert {columns(line) for line in stream.getvalue().strip().splitlines()} == {22}
