// <tag-editor data-complete="…">: a field for tags that completes the one that is being written.
//
//   input[data-tag-input]   with a <datalist>; several tags stand between commas, the last one is completed
//
// After its form was answered the field has the focus again, so that tags are written one after the other.

const AFTER = 180; // ms without a key

class TagEditor extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("[data-tag-input]");
    if (!this.input) return;
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.input.addEventListener("input", () => this.later(), { signal });
    this.input.addEventListener("focus", () => this.later(0), { signal });
    this.addEventListener("submit", () => this.remember(), { signal });
    if (TagEditor.wanted === this.dataset.complete) {
      TagEditor.wanted = "";
      this.input.focus({ preventScroll: true });
    }
  }

  disconnectedCallback() {
    this.stop?.abort();
    clearTimeout(this.timer);
  }

  /** The part that comes back for this form is another element: it takes the focus over. */
  remember() {
    if (document.activeElement === this.input) TagEditor.wanted = this.dataset.complete;
  }

  later(wait = AFTER) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.complete(), wait);
  }

  async complete() {
    const [, before, written] = this.input.value.match(/^(.*[,，、]\s*)?(.*)$/s);
    if (this.asked === this.input.value) return;
    this.asked = this.input.value;
    try {
      const response = await fetch(`${this.dataset.complete}?${new URLSearchParams({ text: written })}`);
      if (!response.ok) return;
      const { tags } = await response.json();
      if (this.asked !== this.input.value) return;
      this.input.list?.replaceChildren(...tags.map((tag) => new Option("", `${before ?? ""}${tag}`)));
    } catch {
      // completing is a comfort: without it the field takes what is written
    }
  }
}
TagEditor.wanted = "";

customElements.define("tag-editor", TagEditor);
