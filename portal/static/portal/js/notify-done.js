// <notify-done>: a button that lets this browser say when one's pictures are done, while the page cannot be seen.
//
// Asks for permission only when it is pressed; the choice is kept in this browser. What is said comes from
// data-done, data-failed (titles) and data-body ("{done} of {all}"); [data-denied] and [data-missing] explain why it
// cannot be. A <live-request> that has finished tells it (atelier:finished); of others' requests nothing is said.
const KEY = "atelier:notify-done";

const isThere = () => "Notification" in window && isSecureContext;

/** Whether this browser is to say when pictures are done: then a page that is hidden goes on asking. */
export const wantsNews = () => isThere() && Notification.permission === "granted" && localStorage.getItem(KEY) === "on";

class NotifyDone extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.button.addEventListener("click", () => this.toggle(), { signal });
    document.addEventListener("atelier:finished", (event) => this.onFinished(event.target), { signal });
    // Chosen in another tab, or taken back in the browser's settings meanwhile.
    addEventListener("storage", ({ key }) => key === KEY && this.show(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.show(), { signal });
    this.hidden = false;
    this.show();
  }

  disconnectedCallback() {
    this.stop.abort();
  }

  async toggle() {
    if (wantsNews()) {
      localStorage.removeItem(KEY);
    } else if (!isThere()) {
      this.explain("missing");
      return;
    } else if ((await Notification.requestPermission()) === "granted") {
      localStorage.setItem(KEY, "on");
    } else {
      this.explain("denied");
      return;
    }
    this.show();
  }

  show() {
    this.button.ariaPressed = String(wantsNews());
    if (wantsNews() || localStorage.getItem(KEY) !== "on") this.explain("");
    else this.explain(isThere() ? "denied" : "missing"); // wanted once, and taken back since
  }

  explain(what) {
    for (const name of ["denied", "missing"]) this.querySelector(`[data-${name}]`).hidden = name !== what;
  }

  onFinished(request) {
    if (!document.hidden || !wantsNews() || request.hasAttribute("others")) return;
    const count = (state) => request.querySelectorAll(`.job.is-${state}, .request-thumb.is-${state}`).length;
    const [done, failed] = [count("succeeded"), count("failed")];
    if (done + failed === 0) return; // cancelled by oneself
    const all = request.querySelectorAll(".job, .request-thumb").length;
    const body = this.dataset.body.replace("{done}", done).replace("{all}", all);
    try {
      // One for each request, also when several tabs show it.
      const said = new Notification(failed ? this.dataset.failed : this.dataset.done, {
        body,
        tag: `atelier-${request.getAttribute("request")}`,
        icon: this.dataset.picture,
      });
      said.addEventListener("click", () => {
        focus();
        said.close();
      });
    } catch {
      // Browsers on phones want a service worker for this; there is none.
      localStorage.removeItem(KEY);
      this.explain("missing");
    }
  }
}

customElements.define("notify-done", NotifyDone);
