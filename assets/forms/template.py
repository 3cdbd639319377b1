"""The editor of a prompt template."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidInput
from accounts.models import Organization
from assets.models import PromptTemplate, TemplateVersion
from assets.policies import variables_of
from assets.queries.templates import Entry, why_not_template_name
from assets.suggestions import EXAMPLE_LIMIT, LARGEST_CFG, SIDES, STEPS, Suggestions

Pairs = list[tuple[str, str]]


class TemplateForm(forms.Form):
    """Name and words of a template. Examples come as pairs of `variable` and `example`."""

    name = forms.CharField(label=_("Name"), max_length=PromptTemplate.NAME_LIMIT)
    description = forms.CharField(
        label=_("Description"),
        max_length=300,
        required=False,
        help_text=_("One sentence that says when to use it."),
    )
    prompt = forms.CharField(
        label=_("Prompt"),
        max_length=TemplateVersion.PROMPT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Words in braces are blanks to fill in: {subject} or {主体}. Write {{ and }} for plain"
            " braces."
        ),
    )
    negative_prompt = forms.CharField(
        label=_("Negative prompt"),
        max_length=TemplateVersion.PROMPT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    width = forms.IntegerField(
        label=_("Width"), required=False, min_value=SIDES[0], max_value=SIDES[-1], step_size=16
    )
    height = forms.IntegerField(
        label=_("Height"), required=False, min_value=SIDES[0], max_value=SIDES[-1], step_size=16
    )
    steps = forms.IntegerField(
        label=_("Steps"), required=False, min_value=STEPS[0], max_value=STEPS[-1]
    )
    cfg = forms.FloatField(label=_("CFG"), required=False, min_value=0, max_value=LARGEST_CFG)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        access: Access,
        organization: Organization,
        entry: Entry | None = None,
    ) -> None:
        self.organization = organization
        self.access = access
        self.entry = entry
        super().__init__(data, initial=_initial(entry))
        self.examples = examples_in(data) if data is not None else _examples(entry)

    def clean_name(self) -> str:
        """Refuse a name that another template of the organization has."""
        name: str = self.cleaned_data["name"]
        besides = self.entry.template.pk if self.entry else 0
        if sentence := why_not_template_name(self.organization.pk, name, besides=besides):
            raise forms.ValidationError(str(sentence), code="name_taken")
        return name

    def clean_prompt(self) -> str:
        """Refuse misplaced braces, saying where they stand."""
        prompt: str = self.cleaned_data["prompt"]
        if problem := problem_in(prompt):
            raise forms.ValidationError(problem, code="braces")
        return prompt

    def clean(self) -> dict[str, Any]:
        """Refuse an example that is too long."""
        if any(len(example) > EXAMPLE_LIMIT for example in self.examples.values()):
            self.add_error(None, _("An example may have up to 200 characters."))
        return super().clean() or {}

    @property
    def suggestions(self) -> Suggestions:
        """What a valid form suggests."""
        return Suggestions(
            **{name: self.cleaned_data[name] for name in ("width", "height", "steps", "cfg")},
            examples=self.examples,
        )

    @property
    def variables(self) -> Pairs:
        """The variables of the prompt as it stands, each with its example."""
        return with_examples(self._prompt, self.examples)[0]

    @property
    def kept(self) -> Pairs:
        """Examples of names that the prompt does not have now; they come back with the name."""
        return with_examples(self._prompt, self.examples)[1]

    @property
    def _prompt(self) -> str:
        return str(self["prompt"].value() or "")


def with_examples(prompt: str, examples: dict[str, str]) -> tuple[Pairs, Pairs]:
    """The variables of a prompt with their examples, and the examples that are left over.

    A prompt with a misplaced brace has no variables.
    """
    names = () if problem_in(prompt) else variables_of(prompt)
    variables = [(name, examples.get(name, "")) for name in names]
    return variables, [pair for pair in examples.items() if pair[0] not in names and pair[1]]


def problem_in(prompt: str) -> str:
    """The sentence about a misplaced brace, or nothing."""
    try:
        variables_of(prompt)
    except InvalidInput as refusal:
        return refusal.sentence
    return ""


def examples_in(data: QueryDict) -> dict[str, str]:
    """The pairs of `variable` and `example` that were posted."""
    return dict(zip(data.getlist("variable"), data.getlist("example"), strict=False))


def _examples(entry: Entry | None) -> dict[str, str]:
    return dict(Suggestions.from_json(entry.latest.defaults).examples) if entry else {}


def _initial(entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {"width": 1024, "height": 1024, "steps": 8, "cfg": 1.0}
    latest = entry.latest
    suggestions = Suggestions.from_json(latest.defaults)
    return {
        "name": entry.template.name,
        "description": entry.template.description,
        "prompt": latest.prompt,
        "negative_prompt": latest.negative_prompt,
        "width": suggestions.width,
        "height": suggestions.height,
        "steps": suggestions.steps,
        "cfg": suggestions.cfg,
    }
