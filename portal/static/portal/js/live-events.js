// <live-events src worker person>: the live connection of this page. Once per page, in base.html.
//
// What arrives becomes an event on the document, with the JSON as its detail:
//   atelier:job     {type: "step" | "job", request, job, ...}    something about one picture changed
//   atelier:queue   {type: "queue"}                              somebody's place in the queue changed
//   atelier:review  {type: "review", image, status}              somebody decided on a picture of mine
//   atelier:comment {type: "comment", image}                     somebody said something about a picture
//   atelier:arrived {type: "arrived", project}                   somebody else's picture came into a project of mine
//   atelier:operation {type: "operation", operation}             work on many pictures that I ordered went on or ended
//   atelier:access  {type: "access"}                             what I may do changed; reloads unless prevented
//   atelier:live    {connected}                                  the connection came or went
// <html data-live="online | offline"> says the state to the styles, isLive() to other modules.
import { EventLink } from "./event-link.js";

const NAMES = {
  step: "atelier:job",
  job: "atelier:job",
  queue: "atelier:queue",
  review: "atelier:review",
  comment: "atelier:comment",
  arrived: "atelier:arrived",
  operation: "atelier:operation",
  access: "atelier:access",
};
const SENDING = 5000; // milliseconds that a form may take until its answer replaces the page
let live = false;

export const isLive = () => live;

class LiveEvents extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    const url = new URL(this.getAttribute("src"), location.href).href;
    this.connection = this.viaWorker(url) ?? this.viaTab(url);
    this.connection.open();
    // A submit that htmx takes over is prevented and leaves the page standing.
    document.addEventListener("submit", (event) => (this.sent = event.defaultPrevented ? 0 : Date.now()), { signal });
    addEventListener("pagehide", () => this.connection.close(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.connection.open(), { signal });
  }

  disconnectedCallback() {
    this.stop.abort();
    this.connection.close();
  }

  viaWorker(url) {
    const script = this.getAttribute("worker");
    if (!script || !("SharedWorker" in window)) return null;
    let worker;
    try {
      // Named after the person: whoever signs in next in this browser never joins their stream.
      worker = new SharedWorker(script, { type: "module", name: `live ${this.getAttribute("person")}` });
    } catch {
      return null;
    }
    worker.port.addEventListener("message", ({ data }) => {
      if ("connected" in data) this.state(data.connected);
      else this.dispatch(data.data);
    });
    worker.addEventListener("error", () => {
      this.connection = this.viaTab(url);
      this.connection.open();
    });
    worker.port.start();
    return {
      open: () => worker.port.postMessage({ join: url }),
      close: () => worker.port.postMessage({ leave: true }),
    };
  }

  /** Without a SharedWorker: a stream of this tab's own, only while the tab can be seen. */
  viaTab(url) {
    const link = new EventLink(url, {
      onEvent: (data) => this.dispatch(data),
      onState: (connected) => this.state(connected),
    });
    document.addEventListener(
      "visibilitychange",
      () => {
        if (!document.hidden) link.open();
        else {
          link.close();
          live = false; // not an outage, but who wants to be told has to ask
        }
      },
      { signal: this.stop.signal },
    );
    return link;
  }

  state(connected) {
    const changed = connected !== live;
    live = connected;
    // The first moments of a page are not an outage.
    clearTimeout(this.grace);
    if (connected) document.documentElement.dataset.live = "online";
    else {
      this.grace = setTimeout(() => {
        if (!live) document.documentElement.dataset.live = "offline";
      }, 4000);
    }
    if (changed) document.dispatchEvent(new CustomEvent("atelier:live", { detail: { connected } }));
  }

  dispatch(detail) {
    const name = NAMES[detail.type];
    if (!name) return;
    const calm = document.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));
    if (name === "atelier:access" && calm) this.reload();
  }

  /** Who makes a project changes their own access: a reload at once would cancel the way to the new project. */
  reload() {
    const isSending = Date.now() - (this.sent ?? 0) < SENDING;
    setTimeout(() => location.replace(location.pathname + location.search), isSending ? SENDING : 0);
  }
}

customElements.define("live-events", LiveEvents);
