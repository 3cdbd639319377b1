import re
from pathlib import Path

import pytest
from django.conf import settings

from assets.search.language import FIELDS, parse


@pytest.fixture(params=["docs/search.md", "docs/zh/search.md"])
def document(request):
    return (Path(settings.BASE_DIR) / request.param).read_text()


def test_every_example_is_understood(document):
    examples = re.findall(r"`([^`\n]+)`", re.split("\n## ", document)[1])
    examples += re.findall(r"```\n(.+)\n```", document)

    assert len(examples) > 30
    for example in examples:
        if "?q=" not in example:
            assert not parse(example).mistakes, example


def test_every_field_and_every_listed_value_is_named(document):
    for field in FIELDS.values():
        assert re.search(rf"`{field.name}[`:]", document), field.name
        if field.name in ("is", "has"):
            for choice in field.choices:
                assert f"`{choice.value}`" in document
