// <prompt-form draft="project-slug"> around the form that asks for pictures. All of it is comfort: the form works without.
//
//   Ctrl/Cmd+Enter             sends
//   [data-width][data-height]  a button or radio that sets the fields `width` and `height`
//   [data-random-seed]         a checkbox: while on, the field `seed` rests and is not sent
//   [data-count-for="prompt"]  an <output> with the number of characters, of data-max if given
//   [data-keys]                a <kbd> that gets the right name of the sending key
// The text fields named in `remember` (default: prompt negative_prompt) are kept in this browser per draft until sent.

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

class PromptForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    if (!this.form) return;
    this.addEventListener("input", () => this.typed());
    this.addEventListener("change", (event) => this.changed(event));
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("keydown", (event) => this.keyed(event));
    this.addEventListener("submit", (event) => this.sent(event));
    this.stop = new AbortController();
    // Coming back with the Back button: the form can be sent again.
    addEventListener("pageshow", () => this.setBusy(false), { signal: this.stop.signal });
    for (const key of this.querySelectorAll("[data-keys]")) key.textContent = isMac ? "⌘ ↵" : "Ctrl ↵";
    this.restore();
    this.update();
  }

  disconnectedCallback() {
    this.stop?.abort();
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  keyed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  }

  clicked(event) {
    const preset = event.target.closest("button[data-width]");
    if (preset) this.setSize(preset);
  }

  changed(event) {
    if (event.target.matches("input[data-width]")) this.setSize(event.target);
    this.update();
  }

  typed() {
    this.update();
    this.remember();
  }

  sent(event) {
    if (this.busy) {
      event.preventDefault();
      return;
    }
    this.setBusy(true);
    for (const key of this.keys()) localStorage.removeItem(key.key);
    // A fragment answer leaves the page standing, so the button has to come back.
    this.form.addEventListener("htmx:finally:request", () => this.setBusy(false), { once: true });
  }

  setBusy(busy) {
    this.busy = busy;
    for (const button of this.form.querySelectorAll("button:not([type=button])")) {
      button.ariaBusy = busy ? "true" : null;
    }
  }

  setSize({ dataset }) {
    for (const name of ["width", "height"]) {
      const field = this.field(name);
      if (field) field.value = dataset[name];
    }
    this.update();
  }

  update() {
    const size = `${this.field("width")?.value}x${this.field("height")?.value}`;
    for (const preset of this.querySelectorAll("[data-width]")) {
      const same = `${preset.dataset.width}x${preset.dataset.height}` === size;
      if (preset.matches("input")) preset.checked = same;
      else preset.ariaPressed = String(same);
    }
    const random = this.querySelector("[data-random-seed]");
    const seed = this.field("seed");
    if (random && seed) seed.disabled = random.checked;
    for (const output of this.querySelectorAll("[data-count-for]")) {
      const length = [...(this.field(output.dataset.countFor)?.value ?? "")].length;
      const { max } = output.dataset;
      output.textContent = max ? `${length} / ${max}` : `${length}`;
      output.classList.toggle("tone-bad", Boolean(max) && length > Number(max));
    }
  }

  keys() {
    const draft = this.getAttribute("draft");
    if (!draft) return [];
    const names = (this.getAttribute("remember") ?? "prompt negative_prompt").split(" ");
    return names.map((name) => ({ name, key: `atelier:draft:${draft}:${name}` }));
  }

  remember() {
    for (const { name, key } of this.keys()) {
      const field = this.field(name);
      if (field) localStorage.setItem(key, field.value);
    }
  }

  /** What the server filled in (recalled settings, a template, an invalid form) goes before the draft. */
  restore() {
    for (const { name, key } of this.keys()) {
      const field = this.field(name);
      const kept = localStorage.getItem(key);
      if (field && kept && !field.value) field.value = kept;
    }
  }
}

customElements.define("prompt-form", PromptForm);
