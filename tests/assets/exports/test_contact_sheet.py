"""Pages of pictures with captions that can be read."""

from __future__ import annotations

import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from assets.exports import fonts
from assets.exports.contact_sheet import ON_A_PAGE, PAGE, Pasted, pages
from assets.exports.fonts import Letters

CHINESE = "宠物主题·红色围巾，龍鳳呈祥"


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> Letters:
    """Letters of a machine that has no fonts of its own."""
    monkeypatch.setattr(fonts, "OF_THE_MACHINE", ())
    return Letters(20)


def drawn(letters: Letters, text: str) -> bytes:
    page = Pillow.new("L", (400, 40), "white")
    letters.draw(ImageDraw.Draw(page), (0, 30), text, "black")
    return page.tobytes()


def test_chinese_is_drawn_without_any_font_of_the_machine(ours: Letters) -> None:
    pictures = {drawn(ours, character) for character in CHINESE if character != "·"}
    assert len(pictures) == len(set(CHINESE) - {"·"})
    assert drawn(ours, "·") not in pictures


def test_a_character_that_no_font_has_is_no_empty_box(ours: Letters) -> None:
    assert drawn(ours, "a\U0001f9ffb") == drawn(ours, "a·b")


def test_a_long_name_loses_its_middle(ours: Letters) -> None:
    shown = ours.fitting("宠物主题_20250105_" + "很" * 60 + "_0001.png", 300)
    assert ours.width(shown) <= 300
    assert shown.startswith("宠物")
    assert shown.endswith(".png")
    assert "…" in shown


def test_pages_hold_so_many_pictures_and_say_which_page_they_are() -> None:
    pictures = [Pasted(name=f"{CHINESE}_{number}.png", facts="", thumb="") for number in range(21)]
    sheets = list(pages(pictures, title=CHINESE, total=21))
    assert [sheet.size for sheet in sheets] == [PAGE, PAGE]
    assert ON_A_PAGE == 20
    # The second page has one picture: below it everything is white up to the foot.
    empty = sheets[1].crop((0, 500, PAGE[0], 1600))
    assert empty.getextrema() == ((255, 255),) * 3
    assert sheets[0].crop((0, 500, PAGE[0], 1600)).getextrema() != ((255, 255),) * 3


def test_a_sheet_of_nothing_is_one_empty_page() -> None:
    assert len(list(pages([], title="", total=0))) == 1
