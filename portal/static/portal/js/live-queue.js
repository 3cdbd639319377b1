// <live-queue src>: keeps the rows of a queue as they are, and lets the keyboard do what the buttons of a row do.
//
// It fetches the fragment at `src` and morphs it in whenever something happened to a picture of the reader's or to the
// line, and polls: rarely with a live connection, for the news go to those who wait, often without one.
//
// Rows carry [data-row]. From anywhere inside one:
//   ↑ ↓          to the row before or after          Alt ↑, Alt ↓   [data-key="up"], [data-key="down"]
//   F E Delete   [data-key="front"], [data-key="edit"], [data-key="cancel"]
import { isLive } from "./live-events.js";
import { showStep } from "./step-line.js";
import { isTyping } from "./typing.js";

const POLL_SECONDS = 4;
const CALM_POLLS = 5; // with a live connection every fifth time is enough
const KEYS = { f: "front", e: "edit", Delete: "cancel" };
const STEPS = { ArrowUp: -1, ArrowDown: 1 };
const MOVES = { ArrowUp: "up", ArrowDown: "down" };

class LiveQueue extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("atelier:job", ({ detail }) => this.onJob(detail), { signal });
    document.addEventListener("atelier:queue", () => this.refresh(), { signal });
    document.addEventListener("atelier:live", ({ detail }) => detail.connected && this.refresh(), { signal });
    this.addEventListener("keydown", (event) => this.onKey(event), { signal });
    this.poll = setInterval(() => this.look(), POLL_SECONDS * 1000);
  }

  disconnectedCallback() {
    this.stop.abort();
    clearInterval(this.poll);
    clearTimeout(this.soon);
  }

  look() {
    this.looks = (this.looks ?? 0) + 1;
    if (!document.hidden && (!isLive() || this.looks % CALM_POLLS === 0)) this.refresh();
  }

  onJob(news) {
    if (news.type === "step" && showStep(this, news)) return;
    this.refresh();
  }

  onKey(event) {
    const row = event.target.closest("[data-row]");
    if (!row || event.repeat || event.target.closest(".menu-body")) return;
    if (event.altKey && !event.ctrlKey && !event.metaKey) {
      this.press(event, row, MOVES[event.key]);
    } else if (isTyping(event)) {
      return;
    } else if (STEPS[event.key]) {
      event.preventDefault();
      this.focusBeside(row, STEPS[event.key]);
    } else {
      this.press(event, row, KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key]);
    }
  }

  press(event, row, mark) {
    const target = mark && row.querySelector(`[data-key="${mark}"]`);
    if (!target || target.disabled) return;
    event.preventDefault();
    target.click();
  }

  focusBeside(row, step) {
    const rows = [...this.querySelectorAll("[data-row]")];
    rows[rows.indexOf(row) + step]?.querySelector("a, button")?.focus();
  }

  /** Several events come together when a job ends and the next begins: one fetch for all of them. */
  refresh() {
    if (this.soon) return;
    this.soon = setTimeout(async () => {
      try {
        if (this.isConnected) {
          await htmx.ajax("GET", this.getAttribute("src"), { source: this, target: this, swap: "innerMorph" });
        }
      } finally {
        this.soon = null;
      }
    }, 120);
  }
}

customElements.define("live-queue", LiveQueue);
