// <input-picture> in the form that asks for pictures: a picture to begin with is chosen and removed without leaving the page.
//
//   [data-candidates] a[data-uid]   a picture that can be chosen; without this script its link does the same
//   [data-chosen] [data-picture], [data-remove]  the chosen one, and the button that removes it
//   [data-strength] output[data-words]  what the slider's number means: "0.3=close;1=far"
//   select option[data-input]       what the model does with a picture: "begins", "edits" or nothing

class InputPicture extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.input = this.querySelector("[data-input-image]");
    if (!this.form || !this.input) return;
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    this.addEventListener("input", () => this.update(), { signal });
    this.form.addEventListener("change", (event) => event.target.name === "model_version" && this.update(), { signal });
    this.update();
  }

  disconnectedCallback() {
    this.stop?.abort();
  }

  clicked(event) {
    const candidate = event.target.closest("a[data-uid]");
    const remove = event.target.closest("[data-remove]");
    if ((!candidate && !remove) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (candidate) this.choose(candidate);
    else this.remove_();
  }

  choose({ dataset, firstElementChild }) {
    this.input.value = dataset.uid;
    const picture = new Image();
    picture.src = firstElementChild.src;
    const frame = this.querySelector("[data-picture]");
    picture.alt = frame.dataset.picture;
    frame.replaceChildren(picture);
    this.takeShape(Number(dataset.wide), Number(dataset.high));
    this.show(true);
    this.querySelector("[data-remove]").focus();
  }

  remove_() {
    this.input.value = "";
    this.show(false);
    this.querySelector("summary").focus();
  }

  /** The new picture gets the shape of the old one, made smaller where the fields do not allow its size. */
  takeShape(width, height) {
    const fields = ["width", "height"].map((name) => this.form.elements.namedItem(name));
    const scale = Math.min(1, ...fields.map((field, at) => Number(field.max) / [width, height][at]));
    fields.forEach((field, at) => {
      const step = Number(field.step) || 1;
      field.value = Math.max(Math.floor(([width, height][at] * scale) / step + 1e-9) * step, Number(field.min));
    });
    fields[0].dispatchEvent(new Event("input", { bubbles: true }));
  }

  show(chosen) {
    this.querySelector("[data-chosen]").hidden = !chosen;
    this.querySelector("[data-candidates]").hidden = chosen;
    this.update();
  }

  update() {
    const use = this.form.elements.namedItem("model_version")?.selectedOptions?.[0]?.dataset.input ?? "";
    this.querySelector("[data-strength]").hidden = use !== "begins";
    this.querySelector("[data-edits]").hidden = use !== "edits";
    this.querySelector("[data-unused]").hidden = Boolean(use);
    const strength = Number(this.form.elements.namedItem("strength")?.value);
    const output = this.querySelector("output[data-words]");
    const words = this.wordsFor(strength, output.dataset.words);
    output.textContent = `${strength} · ${words}`;
    const facts = this.querySelector("[data-input-facts]");
    facts.textContent = this.input.value ? facts.dataset.inputFacts : "";
  }

  wordsFor(strength, pairs) {
    const known = pairs.split(";").map((pair) => pair.split("="));
    return (known.find(([limit]) => strength <= Number(limit) + 1e-9) ?? known.at(-1))[1];
  }
}

customElements.define("input-picture", InputPicture);
