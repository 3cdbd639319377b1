"""Everything that is there is found, and nothing else.

Each class of queries asks a seeded archive and is compared with the plainest way to look: every
text read from beginning to end. What is a substring (of text without spaces) or the beginning of a
word (of text with them) has to be found, whatever dictionary it is in or not in.
"""

from __future__ import annotations

import functools
import random

import pytest

from assets.actions.indexing import index_images
from assets.models import Image
from assets.queries.searching import page_of, prepare
from assets.search.language import parse
from assets.search.normalizing import runs_of as cut
from tests.assets.many import make_rows
from tests.builders import access_of

runs_of = functools.cache(cut)
IMAGES = 160
QUERIES = 10
# Few characters and few words, so that almost everything is almost somewhere.
CHARACTERS = "红色围巾熊猫卡通可爱的花园城市天空大小一只"
NAMES = ["晏珞黎", "褚霁澜", "鄢砚秋"]
WORDS = ["red", "reduce", "scarf", "panda", "pandas", "pan", "hero", "shot", "soft", "light", "8k"]
TRADITIONAL = str.maketrans("红围猫爱园", "紅圍貓愛園")
WIDE = {code: code + 0xFEE0 for code in range(33, 127)}


def corpus(rnd):
    """Prompts and negative prompts: Chinese, English, mixed, traditional, full width."""
    for number in range(IMAGES):
        chinese = ["".join(rnd.choices(CHARACTERS, k=rnd.randint(2, 12))) for _ in range(3)]
        english = rnd.choices(WORDS, k=rnd.randint(2, 9))
        if number % 9 == 0:
            chinese.append(rnd.choice(NAMES))
        kind = number % 5
        if kind == 0:
            prompt = " ".join(english)
        elif kind == 1:
            prompt = f"{chinese[0]}，{' '.join(english)}{chinese[1]}, {chinese[-1]}"
        elif kind == 2:
            prompt = "，".join(chinese).translate(TRADITIONAL)
        elif kind == 3:
            prompt = " ".join(english).translate(WIDE) + chinese[-1]
        else:
            prompt = "，".join(chinese)
        yield prompt, rnd.choice(["", chinese[0], english[0], "低质量, blurry"])


def substring(rnd, texts, length):
    """A substring of some unbroken run of the archive."""
    runs = [run.text for text in texts for run in runs_of(text) if run.is_unbroken]
    run = rnd.choice([run for run in runs if len(run) >= length])
    start = rnd.randint(0, len(run) - length)
    return run[start : start + length]


def word(rnd):
    return rnd.choice(WORDS)


CLASSES = {
    "1 character": lambda rnd, texts: substring(rnd, texts, 1),
    "2 characters": lambda rnd, texts: substring(rnd, texts, 2),
    "3 characters": lambda rnd, texts: substring(rnd, texts, 3),
    "4 characters": lambda rnd, texts: substring(rnd, texts, 4),
    "5 characters": lambda rnd, texts: substring(rnd, texts, 5),
    "6 characters": lambda rnd, texts: substring(rnd, texts, 6),
    "characters that may not be there": lambda rnd, _: "".join(rnd.choices(CHARACTERS, k=2)),
    "names in no dictionary": lambda rnd, _: rnd.choice(NAMES),
    "the end of such a name": lambda rnd, _: rnd.choice(NAMES)[1:],
    "mixed scripts": lambda rnd, texts: f"{word(rnd)} {substring(rnd, texts, 2)}",
    "mixed without a space": lambda rnd, texts: f"{word(rnd)}{substring(rnd, texts, 2)}",
    "traditional": lambda rnd, texts: substring(rnd, texts, 3).translate(TRADITIONAL),
    "full width, capitals": lambda rnd, _: word(rnd).upper().translate(WIDE),
    "words as typed so far": lambda rnd, _: word(rnd)[: rnd.randint(1, 4)],
    "several words": lambda rnd, _: f"{word(rnd)} {word(rnd)} {word(rnd)}",
    "without": lambda rnd, texts: f"{word(rnd)} -{substring(rnd, texts, 2)} -{word(rnd)}",
    "without a long one": lambda rnd, texts: f"-{substring(rnd, texts, 5)}",
    "whole word": lambda rnd, _: f'"{word(rnd)}"',
    "phrase of two words": lambda rnd, _: f'"{word(rnd)} {word(rnd)}"',
    "phrase of three words": lambda rnd, _: f'"{word(rnd)} {word(rnd)} {word(rnd)}"',
    "phrase of characters": lambda rnd, texts: f'"{substring(rnd, texts, 4)}"',
    "phrase across scripts": lambda rnd, texts: f'"{word(rnd)} {substring(rnd, texts, 1)}"',
    "without a phrase": lambda rnd, _: f'-"{word(rnd)} {word(rnd)} {word(rnd)}"',
}


def is_in(texts, asked):
    """Whether one of the texts has what was asked for, read from beginning to end."""
    runs = runs_of(asked.text)
    if asked.is_phrase:
        return any(has_phrase(runs_of(text), runs) for text in texts)
    return all(
        any(has_run(runs_of(text), run, is_open=run is runs[-1]) for text in texts) for run in runs
    )


def has_run(there, run, *, is_open):
    if run.is_unbroken:
        return any(run.text in each.text for each in there if each.is_unbroken)
    same = str.startswith if is_open else str.__eq__
    return any(same(each.text, run.text) for each in there)


def has_phrase(there, runs):
    """The first run may begin inside unbroken text, the last end in it; the others are whole."""
    for start in range(len(there) - len(runs) + 1):
        place = there[start : start + len(runs)]
        if all(
            fits(each, run, i, len(runs))
            for i, (each, run) in enumerate(zip(place, runs, strict=True))
        ):
            return True
    return False


def fits(each, run, index, count):
    if each.is_unbroken != run.is_unbroken:
        return False
    if not run.is_unbroken:
        return each.text == run.text
    if count == 1:
        return run.text in each.text
    if index == 0:
        return each.text.endswith(run.text)
    return each.text.startswith(run.text) if index == count - 1 else each.text == run.text


@pytest.fixture
def archive(world):
    """Images by id with their texts."""
    texts = list(corpus(random.Random(20260819)))
    images = make_rows(world.pets, world.uma, [prompt for prompt, _negative in texts])
    for image, (_prompt, negative) in zip(images, texts, strict=True):
        image.negative_prompt = negative
    Image.objects.bulk_update(images, ["negative_prompt"])
    index_images(image_ids=[image.pk for image in images])
    return {image.pk: pair for image, pair in zip(images, texts, strict=True)}


def test_every_class_of_searches_finds_all_and_only_what_is_there(world, archive):
    access = access_of(world.uma)
    everything = [text for pair in archive.values() for text in pair]
    rnd = random.Random(4)
    wrong = []
    hits = dict.fromkeys(CLASSES, 0)
    for name, make in CLASSES.items():
        for _ in range(QUERIES):
            query = make(rnd, everything)
            asked = parse(query).query
            true = [
                key
                for key, texts in sorted(archive.items(), reverse=True)
                if all(is_in(texts, each) is not each.negated for each in asked.words)
            ]
            found = page_of(prepare(access, world.pets.pk, asked), size=IMAGES)
            hits[name] += len(true)
            if [place.id for place in found] != true:
                wrong.append((name, query, len(true), len(found)))

    assert wrong == []
    assert min(hits.values()) > 0, "a class that finds nothing proves nothing"
