// <lora-choice> in the form that asks for pictures: shows as many rows as are needed, and what belongs to each LoRA.
//
//   [data-lora-row]                    a select of LoRAs, a number for the weight, and the words that call it
//   select option[data-weight][data-words][data-engine]  what is known of a LoRA
//   p[data-words]                      a sentence with {words}
//   [data-lora-facts]                  the chosen ones in short
// A model of another engine takes none: then the whole part is gone, and nothing of it is sent.

class LoraChoice extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    if (!this.form) return;
    this.rows = [...this.querySelectorAll("[data-lora-row]")].map((row) => ({
      row,
      select: row.querySelector("select"),
      weight: row.querySelector("input"),
      words: row.querySelector("p[data-words]"),
    }));
    for (const each of this.rows) each.usual = this.usualOf(each);
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.addEventListener("change", (event) => this.changed(event.target), { signal });
    this.addEventListener("input", () => this.update(), { signal });
    this.form.addEventListener("change", (event) => event.target.name === "model_version" && this.update(), { signal });
    this.update();
  }

  disconnectedCallback() {
    this.stop?.abort();
  }

  usualOf({ select }) {
    return select.selectedOptions[0]?.dataset.weight ?? "";
  }

  /** A LoRA brings its usual weight, unless somebody has typed another one. */
  changed(target) {
    const each = this.rows.find(({ select }) => select === target);
    if (each) {
      const { weight } = each;
      const untouched = weight.value === "" || Number(weight.value) === Number(each.usual || NaN);
      each.usual = this.usualOf(each);
      if (untouched || !target.value) weight.value = each.usual;
    }
    this.update();
  }

  update() {
    const engine = this.form.elements.namedItem("model_version")?.selectedOptions?.[0]?.dataset.engine;
    const taken = this.rows[0].select.querySelectorAll(`option[data-engine="${CSS.escape(engine ?? "")}"]`).length > 0;
    this.querySelector("details").hidden = !taken;
    this.querySelector("fieldset").disabled = !taken;
    let free = 0;
    for (const { row, select, weight, words } of this.rows) {
      const isFree = !select.value && !row.querySelector(".errorlist");
      row.hidden = isFree && free > 0;
      free += isFree;
      weight.hidden = !select.value;
      const called = select.selectedOptions[0]?.dataset.words ?? "";
      words.hidden = !called;
      words.textContent = words.dataset.words.replace("{words}", () => called);
    }
    const chosen = this.rows.filter(({ select }) => select.value);
    const inShort = chosen.map(({ select, weight }) => `${select.selectedOptions[0].text.trim()} ${weight.value}`);
    this.querySelector("[data-lora-facts]").textContent = inShort.join(" · ");
  }
}

customElements.define("lora-choice", LoraChoice);
