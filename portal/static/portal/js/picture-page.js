// <picture-page>: the page of one picture. Its address may have begun in a lightbox: then Back leads to the wall without
// the browser leaving this document, so the wall has to be fetched.

class PicturePage extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { pathname } = location;
    const travelled = (event) => {
      if (location.pathname === pathname) return;
      event.stopImmediatePropagation();
      location.reload();
    };
    addEventListener("popstate", travelled, { capture: true, signal: this.stop.signal });
  }

  disconnectedCallback() {
    this.stop.abort();
  }
}

customElements.define("picture-page", PicturePage);
