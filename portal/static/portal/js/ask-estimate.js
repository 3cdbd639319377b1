// <ask-estimate src> inside the form that asks for pictures: what they would cost and when they would come.
//
// Fetches the fragment at `src` with the numbers of the form (never its words) when one of them changes, when the line
// moves, when the page is seen again, and every few seconds while somebody works with the form; the page around it
// stays as it is. The fragment's [data-too-large="1024x1024 1152x864"][data-why] marks the size buttons that no GPU has
// the memory for now: they say why, and rest unless the box `may_shrink` is ticked. An outage leaves the last estimate.
const TYPING = 400; // milliseconds without a key
const CALM = 1500; // the line often moves several times in a row
const POLL = 6000;
const LOOKS_AWAY = 120_000; // after this long without a touch of the form it asks more seldom
const SELDOM = 5;
const WORDS = /^(csrfmiddlewaretoken|ticket|parent|prompt|negative_prompt|template_version|seed|value_\d+)$/;

class AskEstimate extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    if (!this.form) return;
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.touched = Date.now();
    this.polls = 0;
    for (const name of ["input", "change"]) {
      this.form.addEventListener(name, (event) => this.onChange(event.target), { signal });
    }
    // Before the button sets the size: one that rests is not to.
    this.form.addEventListener("click", (event) => this.onClick(event), { signal, capture: true });
    document.addEventListener("atelier:queue", () => this.ask(CALM), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.ask(0), { signal });
    this.poll = setInterval(() => this.look(), POLL);
    this.mark();
    // What a draft or the Back button filled in is not in the estimate that came with the page.
    this.asked = this.query();
    queueMicrotask(() => this.query() !== this.asked && this.ask(0));
  }

  disconnectedCallback() {
    this.stop?.abort();
    clearInterval(this.poll);
    clearTimeout(this.soon);
  }

  onChange({ name }) {
    if (!name || WORDS.test(name)) return;
    this.touched = Date.now();
    this.ask(TYPING);
    this.mark();
  }

  onClick(event) {
    const button = event.target.closest("button[data-width]");
    if (!button) return;
    this.touched = Date.now();
    if (button.ariaDisabled === "true") event.stopImmediatePropagation();
    else this.ask(TYPING);
  }

  look() {
    const away = Date.now() - this.touched > LOOKS_AWAY;
    if (!document.hidden && (!away || this.polls++ % SELDOM === 0)) this.ask(0);
  }

  ask(wait) {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.fetch(), wait);
  }

  query() {
    const said = [...new FormData(this.form)].filter(([name, value]) => !WORDS.test(name) && typeof value === "string");
    return new URLSearchParams(said).toString();
  }

  /** One at a time, and again if the form has changed meanwhile: the last answer is about what the form says. */
  async fetch() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      this.asked = this.query();
      const url = `${this.getAttribute("src")}?${this.asked}`;
      await htmx.ajax("GET", url, { source: this, target: this, swap: "innerMorph" });
      this.mark();
    } finally {
      this.busy = false;
      if (this.again && this.isConnected) {
        this.again = false;
        this.ask(0);
      }
    }
  }

  mark() {
    const part = this.querySelector("[data-too-large]");
    const sizes = new Set(part?.dataset.tooLarge.trim().split(/\s+/) ?? []);
    const shrinks = this.form.elements.namedItem("may_shrink")?.checked ?? false;
    for (const button of this.form.querySelectorAll("button[data-width]")) {
      const short = sizes.has(`${button.dataset.width}x${button.dataset.height}`);
      button.classList.toggle("is-too-large", short);
      button.title = short ? part.dataset.why : "";
      button.ariaDescription = short ? part.dataset.why : null;
      button.ariaDisabled = short && !shrinks ? "true" : null;
    }
  }
}

customElements.define("ask-estimate", AskEstimate);
