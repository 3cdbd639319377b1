// <operations-dock src>: follows what this tab has ordered for many pictures, also after going to another page.
// <live-operation src operation [reloads]>: one operation that the page shows; with `reloads` the page is fetched when it ends.
//
// A card (templates/assets/_operation_card.html) comes with the answer to an order:
//   atelier:ordered-card     {card, uids}   its HTML, from selection-bar.js
//   atelier:ordered          {operation}    from HX-Trigger, when htmx has put the card somewhere
// and the document hears, once for each operation that ends while somebody looks,
//   atelier:operation-ended  {operation, kind, changes, uids}   uids is null where it is not known which
// The server's news (atelier:operation) make the cards be fetched again; without a live connection they are asked for.
import { isLive } from "./live-events.js";

const KEY = "atelier:operations";
const MOST = 4;
const POLL_SECONDS = 1.5;
const CALM_POLLS = 4;
const GONE_SECONDS = 14; // a card without anything to read goes by itself

const kept = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
};
const keep = (uids) => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(uids.slice(0, MOST)));
  } catch {
    // a browser that keeps nothing: the dock ends with the page
  }
};

class OperationsDock extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.about = new Map(); // operation -> uids of its pictures, null when they were not named
    this.told = new Set();
    this.lookedAt = new Map();
    document.addEventListener("atelier:ordered-card", (event) => this.take(event.detail), { signal });
    document.addEventListener("atelier:ordered", (event) => this.follow(event.detail.operation), { signal });
    document.addEventListener("atelier:operation", (event) => this.onNews(event.detail), { signal });
    document.addEventListener("atelier:live", ({ detail }) => detail.connected && this.refresh(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh(), { signal });
    this.addEventListener("click", (event) => this.onClick(event), { signal });
    this.addEventListener("htmx:after:swap", () => this.looked(), { signal });
    this.poll = setInterval(() => this.look(), POLL_SECONDS * 1000);
    this.refresh();
  }

  disconnectedCallback() {
    this.stop.abort();
    clearInterval(this.poll);
    clearTimeout(this.soon);
  }

  get cards() {
    return [...this.querySelectorAll("[data-operation]")];
  }

  /** A card that came with an answer. */
  take({ card, uids }) {
    this.insertAdjacentHTML("afterbegin", card);
    const first = this.cards[0];
    htmx.process(first);
    this.about.set(first.dataset.operation, uids);
    keep([first.dataset.operation, ...kept().filter((uid) => uid !== first.dataset.operation)]);
    for (const old of this.cards.slice(MOST)) old.remove();
    this.looked();
  }

  follow(uid) {
    if (!uid) return;
    keep([uid, ...kept().filter((other) => other !== uid)]);
    this.refresh();
  }

  onNews({ operation }) {
    if (kept().includes(operation)) this.refresh();
  }

  look() {
    this.looks = (this.looks ?? 0) + 1;
    const isOpen = this.cards.some((card) => !("ended" in card.dataset));
    if (isOpen && !document.hidden && (!isLive() || this.looks % CALM_POLLS === 0)) this.refresh();
    this.tidy();
  }

  refresh() {
    if (this.soon || !kept().length) return;
    this.soon = setTimeout(async () => {
      try {
        const query = new URLSearchParams(kept().map((uid) => ["uid", uid]));
        const response = await fetch(`${this.getAttribute("src")}?${query}`, { headers: { "HX-Request": "true" } });
        if (response.ok && this.isConnected) this.replace(await response.text());
      } catch {
        // the next poll asks again
      } finally {
        this.soon = null;
      }
    }, 80);
  }

  replace(html) {
    const focused = document.activeElement?.closest?.("[data-operation]")?.dataset.operation;
    this.innerHTML = html;
    htmx.process(this);
    if (focused) this.querySelector(`[data-operation="${focused}"] button`)?.focus();
    this.looked();
  }

  /** Say what has ended, and give each ended card a way out. */
  looked() {
    for (const card of this.cards) {
      const { operation, kind, changes } = card.dataset;
      if (!("ended" in card.dataset)) continue;
      if (!card.querySelector("[data-dismiss]")) this.addDismiss(card);
      if (this.told.has(operation)) continue;
      this.told.add(operation);
      this.lookedAt.set(operation, Date.now());
      // What had ended before this page came is no news to it.
      if (!this.about.has(operation) && !this.seenOpen?.has(operation) && !this.asked) continue;
      const named = this.about.get(operation) ?? null;
      // Where some were skipped, nobody here knows which.
      const uids = named?.length === Number(changes) ? named : null;
      const detail = { operation, kind, changes: Number(changes), uids };
      document.dispatchEvent(new CustomEvent("atelier:operation-ended", { detail }));
    }
    this.asked = true;
    this.seenOpen = new Set(this.cards.filter((card) => !("ended" in card.dataset)).map((card) => card.dataset.operation));
    this.hidden = this.cards.length === 0;
  }

  addDismiss(card) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button quiet small icon-only";
    close.dataset.dismiss = "";
    close.ariaLabel = this.dataset.close;
    close.textContent = "×";
    card.querySelector(".operation-actions").append(close);
  }

  onClick({ target }) {
    if (target.closest("[data-dismiss]")) this.dismiss(target.closest("[data-operation]"));
  }

  dismiss(card) {
    keep(kept().filter((uid) => uid !== card.dataset.operation));
    card.remove();
    this.hidden = this.cards.length === 0;
  }

  /** Cards that have said what they had to say leave, unless somebody rests on them. */
  tidy() {
    if (this.matches(":hover, :focus-within") || document.hidden) {
      for (const uid of this.lookedAt.keys()) this.lookedAt.set(uid, Date.now());
      return;
    }
    for (const card of this.cards) {
      const since = this.lookedAt.get(card.dataset.operation);
      const isQuiet = "ended" in card.dataset && !card.querySelector("a") && !card.matches(".is-failed");
      if (isQuiet && since && Date.now() - since > GONE_SECONDS * 1000) this.dismiss(card);
    }
  }
}

class LiveOperation extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("atelier:operation", ({ detail }) => {
      if (detail.operation === this.getAttribute("operation")) this.fetch();
    }, { signal });
    document.addEventListener("atelier:live", ({ detail }) => detail.connected && this.fetch(), { signal });
    this.poll = setInterval(() => this.look(), POLL_SECONDS * 1000);
  }

  disconnectedCallback() {
    this.stop.abort();
    clearInterval(this.poll);
  }

  get ended() {
    return Boolean(this.querySelector("[data-ended]"));
  }

  look() {
    this.looks = (this.looks ?? 0) + 1;
    if (!this.ended && !document.hidden && (!isLive() || this.looks % CALM_POLLS === 0)) this.fetch();
  }

  async fetch() {
    if (this.ended || this.asking) return;
    this.asking = true;
    try {
      await htmx.ajax("GET", this.getAttribute("src"), { source: this, target: this, swap: "innerMorph" });
    } finally {
      this.asking = false;
    }
    if (this.ended && this.hasAttribute("reloads")) location.reload();
  }
}

customElements.define("operations-dock", OperationsDock);
customElements.define("live-operation", LiveOperation);
