// <ask-form> inside <prompt-form>: what one choice in the form that asks for pictures does to the others.
//
//   select option[data-steps][data-cfg]  choosing a model fills in its numbers where nobody has typed others
//   [data-negative-hint]                 shows while the chosen model would not read the negative prompt
//   p[data-description]                  what the chosen model is good for
//   [data-variable="value_0"]            a place in the preview of the final prompt: shows that field's text
//   [aria-invalid]                       the first input at fault gets the focus
//   [data-size]                          the size in pixels
//   [data-facts][data-seed]              the folded settings in short: words with {names} of fields

class AskForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    if (!this.form) return;
    this.model = this.chosenModel;
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.addEventListener("change", (event) => event.target.name === "model_version" && this.switchModel(), { signal });
    for (const name of ["input", "change"]) this.addEventListener(name, () => this.update(), { signal });
    // A size button has set the numbers by the time the click arrives here.
    this.addEventListener("click", () => queueMicrotask(() => this.update()), { signal });
    // A page that comes back as it was left has a ticket that was used; asking again is a new ask.
    addEventListener("pageshow", (event) => event.persisted && this.renewTicket(), { signal });
    this.update();
    this.querySelector('[aria-invalid="true"]')?.focus();
  }

  disconnectedCallback() {
    this.stop?.abort();
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  value(name) {
    return this.field(name)?.value ?? "";
  }

  get chosenModel() {
    return this.field("model_version")?.selectedOptions?.[0];
  }

  switchModel() {
    const before = this.model;
    this.model = this.chosenModel;
    for (const name of ["steps", "cfg"]) {
      const field = this.field(name);
      const untouched = field.value === "" || Number(field.value) === Number(before?.dataset[name]);
      if (untouched && this.model?.dataset[name]) field.value = this.model.dataset[name];
    }
  }

  update() {
    for (const part of this.querySelectorAll("[data-variable]")) {
      part.textContent = this.value(part.dataset.variable);
    }
    const size = this.querySelector("[data-size]");
    if (size) size.textContent = `${this.value("width")} × ${this.value("height")}`;
    const facts = this.querySelector("[data-facts]");
    if (facts) facts.textContent = this.inShort(facts.dataset);
    const description = this.querySelector("[data-description]:not(option)");
    if (description) {
      description.textContent = this.chosenModel?.dataset.description ?? "";
      description.hidden = !description.textContent;
    }
    const hint = this.querySelector("[data-negative-hint]");
    if (hint) {
      const idle = this.chosenModel?.dataset.negative === "needs-cfg" && Number(this.value("cfg")) === 1;
      hint.hidden = !(idle && this.value("negative_prompt").trim());
    }
  }

  inShort({ facts, seed }) {
    const random = this.querySelector("[data-random-seed]")?.checked;
    const words = random ? facts : `${facts} · ${seed}`;
    const values = { model: this.chosenModel?.text.trim() };
    return words.replace(/{(\w+)}/g, (_, name) => values[name] ?? this.value(name));
  }

  renewTicket() {
    // crypto.randomUUID is there only over https and on localhost.
    const random = crypto.getRandomValues(new Uint8Array(16));
    this.field("ticket").value = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}

customElements.define("ask-form", AskForm);
