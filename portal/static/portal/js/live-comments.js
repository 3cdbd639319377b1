// <live-comments src image>: what people say about a picture stays up to date while it is seen. News of the stream
// (atelier:comment) come to the maker and to those who have said something; everybody else's page asks now and then.
// Only the list is replaced, so that what somebody is writing stays.

const EVERY = 30_000; // milliseconds

class LiveComments extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener(
      "atelier:comment",
      ({ detail }) => detail.image === this.getAttribute("image") && this.refresh(),
      { signal },
    );
    this.timer = setInterval(() => this.refresh(), EVERY);
  }

  disconnectedCallback() {
    this.stop.abort();
    clearInterval(this.timer);
  }

  get isBusy() {
    return document.hidden || this.asking || Boolean(this.querySelector("details.comment-edit[open]"));
  }

  async refresh() {
    if (this.isBusy) return;
    this.asking = true;
    try {
      const response = await fetch(this.getAttribute("src"), { headers: { "HX-Request": "true" }, redirect: "manual" });
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("live-comments");
      if (!fresh || !this.isConnected || this.querySelector("details.comment-edit[open]")) return;
      for (const part of ["h2", "[data-comments]", "[data-nobody]"]) this.replace(part, fresh);
    } catch {
      // no connection: it asks again
    } finally {
      this.asking = false;
    }
  }

  replace(selector, fresh) {
    const [mine, theirs] = [this.querySelector(selector), fresh.querySelector(selector)];
    if (!mine || !theirs || mine.isEqualNode(theirs)) return;
    const copy = document.importNode(theirs, true);
    mine.replaceWith(copy);
    window.htmx?.process(copy);
  }
}

customElements.define("live-comments", LiveComments);
