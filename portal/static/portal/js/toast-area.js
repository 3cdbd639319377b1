// <toast-area>: short messages. The server renders some into it; scripts and HX-Trigger headers add more with
//   document.dispatchEvent(new CustomEvent("atelier:toast", { detail: { text, level } }))
// where level is info, success, warning or error; url and action add a link. A failed htmx request says so here as well,
// and so does a decision on one of the reader's pictures.

const SECONDS = 6;
const ICONS = { info: "info", success: "circle-check", warning: "triangle-alert", error: "octagon-alert" };

const NO_IMAGE = "00000000-0000-0000-0000-000000000000";
const LEVELS = { approved: "success", changes_requested: "warning", rejected: "warning" };

/** Parts that ask again by themselves carry data-quiet: nobody pressed anything, and they will ask again. */
const isAsked = ({ target }) => !target.matches?.("[data-quiet]");

class ToastArea extends HTMLElement {
  connectedCallback() {
    // It moves into a dialog that is opened above the page, and back; what it shows is prepared once.
    for (const toast of this.querySelectorAll(".toast:not([data-ready])")) this.prepare(toast);
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("atelier:toast", (event) => this.show(event.detail), { signal });
    document.addEventListener("atelier:review", (event) => this.tellDecision(event.detail), { signal });
    document.addEventListener("htmx:response:error", (event) => isAsked(event) && this.explain(event), { signal });
    document.addEventListener("htmx:error", (event) => isAsked(event) && this.fail(), { signal });
  }

  disconnectedCallback() {
    this.stop.abort();
  }

  /** A refusal comes as a sentence in plain text; anything else (a proxy's page) gets words of ours. */
  explain({ detail: { ctx } }) {
    const { status, headers } = ctx.response;
    if (status === 422) return; // an invalid form: it comes back with its errors beside the fields
    if (ctx.text && headers.get("content-type")?.startsWith("text/plain")) {
      this.show({ text: ctx.text, level: "error" });
      return;
    }
    const words = { 401: "forbidden", 403: "forbidden", 404: "forbidden", 409: "changed", 429: "busy" };
    this.show({ text: this.dataset[words[status] ?? "failed"], level: "error" });
  }

  /** Statuses without words, such as a reopened review, are no news. */
  tellDecision({ image, status }) {
    const { approved, changesRequested, rejected, imageUrl, show } = this.dataset;
    const text = { approved, changes_requested: changesRequested, rejected }[status];
    if (text) this.show({ text, level: LEVELS[status], url: imageUrl.replace(NO_IMAGE, image), action: show });
  }

  fail() {
    this.show({ text: this.dataset.failed, level: "error" });
  }

  show({ text, level = "info", url = "", action = "" }) {
    const key = `${text} ${url}`;
    const isSame = (toast) => (toast.dataset.key ?? `${toast.querySelector("p").textContent} `) === key;
    if ([...this.querySelectorAll(".toast")].some(isSame)) return;
    const toast = document.createElement("div");
    toast.className = `toast toast-${level}`;
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("class", "icon");
    icon.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${this.dataset.sprite}#${ICONS[level] ?? "info"}`);
    icon.append(use);
    const line = document.createElement("p");
    line.textContent = text;
    toast.dataset.key = key;
    if (url) {
      const link = document.createElement("a");
      link.href = url;
      link.textContent = action;
      line.append(" ", link);
    }
    toast.append(icon, line);
    this.append(toast);
    this.prepare(toast);
  }

  prepare(toast) {
    toast.dataset.ready = "";
    const close = document.createElement("button");
    close.type = "button";
    close.ariaLabel = this.dataset.close;
    close.textContent = "×";
    close.addEventListener("click", () => this.dismiss(toast));
    toast.append(close);
    // An error stays until it was read; so does whatever the pointer or the keyboard rests on.
    if (toast.matches(".toast-error")) return;
    const seconds = toast.querySelector("a") ? 3 * SECONDS : SECONDS;
    let timer;
    const wait = () => {
      timer = setTimeout(() => this.dismiss(toast), seconds * 1000);
    };
    const hold = () => clearTimeout(timer);
    toast.addEventListener("pointerenter", hold);
    toast.addEventListener("focusin", hold);
    toast.addEventListener("pointerleave", wait);
    toast.addEventListener("focusout", wait);
    wait();
  }

  dismiss(toast) {
    toast.classList.add("is-leaving");
    setTimeout(() => toast.remove(), 250);
  }
}

customElements.define("toast-area", ToastArea);
