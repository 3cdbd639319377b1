// <live-request src request [others]>: shows what becomes of one request without reloading the page.
//
// A step is written straight into the job's [data-job] part (components/job_progress.html); anything else that happens
// to the request fetches the fragment at `src` again and morphs it in, so that pictures already shown stay.
// Without a live connection it asks every three seconds, and so it does with `others`: news go to the maker only. With
// one it still asks now and then, because news may get lost, and at once when a page that slept is seen again. A hidden
// page asks only for somebody who wants to be told. It rests when the fragment holds [data-finished].
import { isLive } from "./live-events.js";
import { wantsNews } from "./notify-done.js";
import { showStep } from "./step-line.js";

const POLL_SECONDS = 3;
const CALM_POLLS = 5; // with a live connection every fifth time is enough
const MOVES = 3000; // milliseconds between two looks at a line that moves; everybody in it looks then

const title = document.title;

/** "(2/4) Generate": a glance at the tab tells how far the pictures on this page are. */
function showInTitle() {
  const all = document.querySelectorAll("live-request .job:not(.is-scheduled)").length;
  const open = document.querySelectorAll("live-request :is(.job.is-queued, .job.is-running)").length;
  document.title = open ? `(${all - open}/${all}) ${title}` : title;
}

class LiveRequest extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("atelier:job", (event) => this.onJob(event.detail), { signal });
    document.addEventListener("atelier:queue", () => this.onQueue(), { signal });
    // Something inside was done that changes what is shown, also when everything was finished.
    this.addEventListener("atelier:changed", () => this.fetch(), { signal });
    // What was missed while the connection was down is in the fragment.
    document.addEventListener("atelier:live", (event) => event.detail.connected && this.refresh(), { signal });
    // A page that slept may have missed news although its connection never ended.
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.refresh(), { signal });
    showInTitle();
    this.poll = setInterval(() => this.look(), POLL_SECONDS * 1000);
  }

  disconnectedCallback() {
    this.stop.abort();
    clearInterval(this.poll);
    clearTimeout(this.soon);
    clearTimeout(this.moved);
  }

  /** Places move for many at once and often: not all at the same time, and no more than now and then. */
  onQueue() {
    if (this.finished || this.moved) return;
    const wait = Math.max(0, (this.lookedAt ?? 0) + MOVES - Date.now());
    this.moved = setTimeout(() => {
      this.moved = null;
      this.refresh();
    }, wait + Math.random() * 500);
  }

  look() {
    this.looks = (this.looks ?? 0) + 1;
    const others = this.hasAttribute("others");
    if (document.hidden && (others || !wantsNews())) return;
    const calm = isLive() && !others;
    if (!calm || this.looks % CALM_POLLS === 0) this.refresh();
  }

  get finished() {
    return Boolean(this.querySelector("[data-finished]"));
  }

  onJob(news) {
    if (news.request !== this.getAttribute("request")) return;
    if (news.type === "step" && showStep(this, news)) return;
    this.refresh();
  }

  /** Several events come together when a job ends and the next begins: one fetch for all of them. */
  refresh() {
    if (this.finished || this.soon) return;
    this.soon = setTimeout(async () => {
      try {
        if (this.isConnected) await this.fetch();
      } finally {
        this.soon = null;
      }
    }, 120);
  }

  async fetch() {
    this.lookedAt = Date.now();
    await htmx.ajax("GET", this.getAttribute("src"), { source: this, target: this, swap: "innerMorph" });
    showInTitle();
    // The clock goes on: a picture may be tried again.
    if (this.finished) this.dispatchEvent(new CustomEvent("atelier:finished", { bubbles: true }));
  }
}

customElements.define("live-request", LiveRequest);
