// <select-rows> around a list with checkboxes (`job` or `uid`) and what is done to those that are on.
//
//   [data-select-all]   a checkbox that turns all of them on and off
//   [data-selected]     an <output>: how many are on, in the words of its data-words ("{count} selected")
//   [data-needs-some]   buttons that rest while none is on

class SelectRows extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.addEventListener("change", (event) => this.changed(event), { signal });
    // Rows come and go while the list is kept up to date.
    this.addEventListener("htmx:after:swap", () => this.update(), { signal });
    this.update();
  }

  disconnectedCallback() {
    this.stop.abort();
  }

  get boxes() {
    return [...this.querySelectorAll("input[type=checkbox]:is([name=job], [name=uid])")];
  }

  changed({ target }) {
    if (target.matches("[data-select-all]")) {
      for (const box of this.boxes) box.checked = target.checked;
    }
    this.update();
  }

  update() {
    const { boxes } = this;
    const count = boxes.filter((box) => box.checked).length;
    const all = this.querySelector("[data-select-all]");
    if (all) {
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
    for (const button of this.querySelectorAll("[data-needs-some]")) button.disabled = count === 0;
    const output = this.querySelector("[data-selected]");
    if (output) output.textContent = count ? output.dataset.words.replace("{count}", count) : "";
  }
}

customElements.define("select-rows", SelectRows);
