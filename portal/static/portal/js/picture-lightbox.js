/**
 * <picture-lightbox> holds the dialog that shows the pictures of a wall large: templates/assets/_lightbox.html.
 *
 * A click on a card opens it; without scripts, and with a modifier key, the card is a link to the picture's page. The
 * address is that page's, so that a reload or a friend sees the same. Steps replace the address, so Back closes.
 * What is known about a picture, and who its neighbours are in the search, comes as one part from the server
 * (templates/assets/_shown.html); parts and previews of the neighbours are fetched ahead, further on in the direction
 * in which somebody leafs. Arrows, + - 0, I (panel), Esc; wheel, double click, fingers: zoom-pan.js.
 *
 *   atelier:lightbox  on the document, detail {uid, url, open}: this picture is shown now (open), or was the last
 *                     (closed). If a wall cannot show that card's place yet, it prevents the event's default and does
 *                     so, then focuses it; else the card gets the focus from here.
 */
import { ZoomPan } from "./zoom-pan.js";

const MOST_KEPT = 24; // parts of pictures that were fetched
const PANEL = "atelier:lightbox-panel";
const isSmall = matchMedia("(width < 1000px)");

class PictureLightbox extends HTMLElement {
  parts = new Map(); // address -> promise of a part
  previews = new Map(); // address -> image that was fetched ahead
  steps = []; // that are still to be taken

  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.stage = this.querySelector("[data-stage]");
    this.picture = this.querySelector("[data-picture]");
    this.panel = this.querySelector("[data-panel]");
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("click", (event) => this.clickedOutside(event), { signal });
    // Before htmx, which would fetch the wall anew.
    addEventListener("popstate", (event) => this.travelled(event), { capture: true, signal });
    this.dialog.addEventListener("click", (event) => this.clicked(event), { signal });
    // On the document, because a part that is replaced leaves the focus nowhere; first, so that zooming goes before marks.
    document.addEventListener("keydown", (event) => this.keyed(event), { capture: true, signal });
    this.dialog.addEventListener("cancel", (event) => this.cancelled(event), { signal });
    this.dialog.addEventListener("close", (event) => event.target === this.dialog && this.closed(), { signal });
    this.dialog.addEventListener("submit", (event) => this.submitted(event), { signal });
    // What was fetched of a picture that somebody has changed since must not be shown again.
    for (const name of ["click", "submit"]) this.panel.addEventListener(name, () => this.changed(), { signal });
    for (const name of ["organized", "comment"]) {
      document.addEventListener(`atelier:${name}`, () => this.changed(), { signal });
    }
    this.view = new ZoomPan(this.stage, {
      onChange: () => this.zoomed(),
      onDrag: (dx, dy) => this.dragged(dx, dy),
      onSwipe: (way) => this.swiped(way),
      onBackground: () => this.leave(),
    });
  }

  disconnectedCallback() {
    this.stop.abort();
    this.view.disconnect();
    if (this.dialog.open) this.dialog.close();
  }

  /* --- Opening and closing -------------------------------------------------------------------- */

  clickedOutside(event) {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const card = event.target.closest?.("picture-wall :is(a.card, .card a), [data-lightbox] :is(a.card, .card a)");
    if (!card || card.target) return;
    event.preventDefault();
    this.open(card);
  }

  open(card) {
    const url = new URL(card.href);
    const image = card.querySelector("img");
    history.pushState({ lightbox: true }, "", url);
    this.pushed = true;
    this.begin();
    this.show(partOf(url), {
      thumb: image?.currentSrc || image?.src,
      width: Number(image?.getAttribute("width")),
      height: Number(image?.getAttribute("height")),
      alt: image?.alt,
    });
  }

  begin() {
    if (this.dialog.open) return;
    // Toasts have to be above the dialog, and to be pressed there.
    this.toasts = document.querySelector("toast-area");
    if (this.toasts) {
      this.toastsHome = this.toasts.nextSibling;
      this.dialog.append(this.toasts);
    }
    this.openPanel(this.wantsPanel());
    this.dialog.showModal();
    this.stage.focus({ preventScroll: true });
  }

  /** Go back to where it was opened; without such a place (a reload) to the wall below. */
  leave() {
    if (history.state?.lightbox && this.pushed) history.back();
    else this.dialog.close();
  }

  travelled(event) {
    if (event.state?.lightbox) {
      event.stopImmediatePropagation();
      this.pushed = true;
      this.begin();
      this.show(partOf(location));
    } else if (this.dialog.open) {
      event.stopImmediatePropagation();
      this.pushed = false;
      this.dialog.close();
    }
  }

  cancelled(event) {
    if (event.target !== this.dialog) return;
    event.preventDefault();
    if (event.timeStamp - (this.escaped ?? -Infinity) > 200) this.leave();
  }

  closed() {
    if (history.state?.lightbox && this.pushed) history.back(); // the browser closed it by itself
    this.pushed = false;
    if (this.toasts) {
      this.toastsHome?.isConnected ? this.toastsHome.before(this.toasts) : document.body.append(this.toasts);
      this.toasts = null;
    }
    const { uid, url } = this;
    this.src = null;
    this.panel.replaceChildren();
    this.picture.removeAttribute("src");
    if (!uid) return;
    this.uid = null;
    const isMine = document.dispatchEvent(
      new CustomEvent("atelier:lightbox", { detail: { uid, url, open: false }, cancelable: true }),
    );
    if (!isMine) return;
    const card = document.querySelector(`picture-wall [data-uid="${uid}"], picture-wall [data-id="${uid}"]`);
    const link = card?.matches("a") ? card : card?.querySelector("a");
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: "nearest" });
  }

  /* --- Showing -------------------------------------------------------------------------------- */

  /** Show the picture of a part: at once what is known of it (`hint`), the rest when it is there. */
  async show(src, hint = {}) {
    this.src = src;
    this.at = null;
    this.setSteps({});
    this.hold(hint);
    this.panel.setAttribute("aria-busy", "true");
    let part;
    try {
      part = await this.part(src);
    } catch (error) {
      if (this.src === src) this.failed(error);
      return;
    }
    if (this.src !== src) return;
    this.fill(part);
  }

  fill(part) {
    const copy = document.importNode(part, true);
    const { dataset } = copy;
    this.at = dataset;
    this.uid = dataset.largePicture;
    this.url = dataset.url;
    this.panel.replaceChildren(copy);
    this.panel.removeAttribute("aria-busy");
    this.panel.scrollTop = 0;
    window.htmx?.process(copy);
    const { thumb, preview, original, width, height, alt } = dataset;
    this.hold({ thumb, preview, width: Number(width), height: Number(height), alt });
    this.original = original;
    for (const link of this.querySelectorAll("[data-page]")) link.href = dataset.url;
    this.setSteps(dataset);
    this.say(alt);
    if (location.href !== new URL(dataset.url, location.href).href) {
      history.replaceState({ lightbox: true }, "", dataset.url);
    }
    document.dispatchEvent(
      new CustomEvent("atelier:lightbox", { detail: { uid: this.uid, url: this.url, open: true } }),
    );
    this.fetchAhead(dataset);
  }

  /** The picture on the stage: its thumbnail until its preview is there. The same picture keeps its zoom. */
  hold({ thumb, preview, width, height, alt }) {
    if (!width || !height) return;
    const { picture } = this;
    const isSame = this.held === (thumb ?? preview);
    if (!isSame) {
      this.held = thumb ?? preview;
      this.preview = null;
      this.original = null;
      this.isOriginal = false;
      picture.alt = alt ?? "";
      picture.src = this.previews.get(preview)?.complete ? preview : this.held;
      picture.style.translate = "";
      this.view.hold(picture, { width, height });
      this.zoomed();
    }
    picture.alt = alt ?? picture.alt;
    if (preview && this.preview !== preview) {
      this.preview = preview;
      this.bring(preview, () => this.preview === preview && !this.isOriginal);
    }
  }

  async bring(src, isWanted) {
    const image = this.previews.get(src) ?? this.fetchPicture(src);
    try {
      await image.decode();
    } catch {
      return; // the thumbnail stays; what is missing is said by the panel
    }
    if (isWanted()) this.picture.src = src;
  }

  /** The original has more pixels than the preview: it is fetched when somebody looks at them. */
  zoomed() {
    const { view, picture } = this;
    const scale = this.querySelector("[data-scale]");
    if (view.fitted) scale.textContent = `${Math.round((100 * view.scale * view.fitted.width) / view.width)}%`;
    if (!view.isZoomed || this.isOriginal || !this.original) return;
    const shown = view.scale * view.fitted.width * devicePixelRatio;
    if (picture.naturalWidth >= view.width || shown <= picture.naturalWidth * 1.05) return;
    const { original } = this;
    this.isOriginal = true;
    this.bring(original, () => this.original === original);
  }

  part(src) {
    let found = this.parts.get(src);
    if (!found) {
      found = this.fetchPart(src);
      this.parts.set(src, found);
      found.catch(() => this.parts.delete(src));
      if (this.parts.size > MOST_KEPT) this.parts.delete(this.parts.keys().next().value);
    }
    return found;
  }

  async fetchPart(src) {
    const response = await fetch(src, { headers: { "HX-Request": "true" }, redirect: "manual" });
    if (!response.ok) throw Object.assign(new Error(response.statusText), { status: response.status });
    const text = await response.text();
    return new DOMParser().parseFromString(text, "text/html").querySelector("article");
  }

  fetchPicture(src) {
    const image = new Image();
    image.src = src;
    this.previews.set(src, image);
    if (this.previews.size > MOST_KEPT) this.previews.delete(this.previews.keys().next().value);
    return image;
  }

  /** Both neighbours, and one more on the way that somebody is leafing. */
  async fetchAhead(dataset) {
    const { src, way = "next" } = this;
    for (const each of [way, way === "next" ? "previous" : "next"]) {
      const preview = dataset[`${each}Preview`];
      if (!preview) continue;
      if (!this.previews.has(preview)) this.fetchPicture(preview);
      const ahead = await this.part(dataset[each]).catch(() => null);
      if (this.src !== src) return;
      const further = each === way && ahead?.dataset[`${each}Preview`];
      if (further && !this.previews.has(further)) this.fetchPicture(further);
    }
  }

  failed({ status }) {
    this.panel.removeAttribute("aria-busy");
    const text = status === 404 ? this.dataset.missing : this.dataset.failed;
    document.dispatchEvent(new CustomEvent("atelier:toast", { detail: { text, level: "error" } }));
    this.say(text);
  }

  say(text) {
    this.querySelector("[data-say]").textContent = text;
  }

  /* --- Leafing -------------------------------------------------------------------------------- */

  setSteps(dataset) {
    for (const link of this.querySelectorAll("[data-step]")) {
      const url = dataset[`${link.dataset.step}Url`];
      link.hidden = !url && Boolean(this.at);
      if (url) link.href = url;
    }
  }

  /** One picture on. Steps that are faster than the server wait for each other; a key that is held does not pile up. */
  step(way, { repeat = false } = {}) {
    if (repeat && this.steps.length > 0) return;
    this.steps.push(way);
    this.walk();
  }

  async walk() {
    if (this.walking) return;
    this.walking = true;
    while (this.steps.length > 0 && this.src) {
      const { src } = this;
      if (!this.at) await this.part(src).catch(() => (this.steps.length = 0));
      if (this.src === src && this.at && this.steps.length > 0) this.take(this.steps.shift());
    }
    this.steps.length = 0;
    this.walking = false;
  }

  take(way) {
    const { at } = this;
    this.way = way;
    if (!at[way]) {
      this.steps.length = 0;
      this.say(way === "next" ? this.dataset.last : this.dataset.first);
      this.dragged(0, 0);
      return;
    }
    const name = (part) => at[`${way}${part}`];
    history.replaceState({ lightbox: true }, "", name("Url"));
    this.show(at[way], {
      thumb: name("Thumb"),
      preview: name("Preview"),
      width: Number(name("Width")),
      height: Number(name("Height")),
    });
  }

  dragged(dx, dy) {
    const isDown = Math.abs(dy) > Math.abs(dx);
    const hasStep = this.at?.[dx < 0 ? "next" : "previous"];
    this.picture.style.translate = isDown
      ? `0 ${Math.max(0, Math.round(dy * 0.6))}px`
      : `${Math.round(dx * (hasStep ? 1 : 0.25))}px 0`;
  }

  swiped(way) {
    if (way === "down") return this.leave();
    const step = way === "left" ? "next" : "previous";
    if (this.at && !this.at[step]) return false;
    return void this.step(step);
  }

  /* --- What was pressed ----------------------------------------------------------------------- */

  clicked(event) {
    const target = event.target.closest("[data-step], [data-zoom], [data-toggle-panel], [data-close], [data-shown]");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { step, zoom, shown } = target.dataset;
    event.preventDefault();
    if (step) this.step(step);
    else if (zoom === "in") this.view.zoomBy(1.5);
    else if (zoom === "out") this.view.zoomBy(1 / 1.5);
    else if (zoom) this.view.fit();
    else if (shown) {
      const image = target.querySelector("img");
      history.replaceState({ lightbox: true }, "", target.href);
      this.show(shown, { thumb: image.src, width: Number(image.getAttribute("width")), height: Number(image.getAttribute("height")), alt: image.alt });
      this.stage.focus({ preventScroll: true });
    } else if (target.matches("[data-close]")) this.leave();
    else this.togglePanel();
  }

  keyed(event) {
    if (!this.dialog.open || event.isComposing || !this.isMine(event.target)) return;
    const isWriting = event.target.closest("input, textarea, select");
    const openMenu = this.dialog.querySelector("details[data-menu][open]");
    if (event.key === "Escape") {
      // The first Esc leaves what is open inside.
      if (!isWriting && !openMenu) return;
      if (isWriting) event.target.blur();
      this.escaped = event.timeStamp; // some browsers close all the same
      event.preventDefault();
      return;
    }
    if (isWriting || openMenu || event.ctrlKey || event.metaKey || event.altKey) return;
    const { view } = this;
    const pan = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] }[event.key];
    if (event.shiftKey && pan && view.isZoomed) view.panBy(...pan);
    else if (event.key === "ArrowLeft") this.step("previous", event);
    else if (event.key === "ArrowRight") this.step("next", event);
    else if (event.key === "+" || event.key === "=") view.zoomBy(1.5);
    else if (event.key === "-") view.zoomBy(1 / 1.5);
    else if (event.key === "0" && view.isZoomed) view.fit(); // else it takes the rating away
    else if (event.key.toLowerCase() === "i" && !event.shiftKey) this.togglePanel();
    else return;
    event.preventDefault();
  }

  /** Not what is typed into another dialog above this one. */
  isMine(target) {
    const inner = target.closest?.("dialog");
    return inner === this.dialog || (!inner && document.querySelectorAll("dialog[open]").length === 1);
  }

  /** Forms of the panel that lead to a page: here they are sent, and what they say is said, while the wall stays. */
  async submitted(event) {
    const form = event.target;
    if (event.defaultPrevented || form.closest("dialog") !== this.dialog) return;
    if (form.matches("[hx-post], [target], .download-menu") || form.method !== "post") return;
    event.preventDefault();
    const { src } = this;
    event.submitter?.setAttribute("aria-busy", "true");
    const tell = (text, level) =>
      document.dispatchEvent(new CustomEvent("atelier:toast", { detail: { text, level } }));
    try {
      const body = new FormData(form, event.submitter);
      const response = await fetch(form.action, { method: "POST", body, headers: { "HX-Boosted": "true" } });
      const text = await response.text();
      const page = new DOMParser().parseFromString(text, "text/html");
      if (response.ok) {
        for (const toast of page.querySelectorAll("toast-area .toast")) tell(toast.textContent.trim(), "success");
      } else tell(page.querySelector("main p, p")?.textContent.trim() || this.dataset.failed, "error");
    } catch {
      tell(this.dataset.failed, "error");
    }
    this.parts.delete(src);
    if (this.src === src) await this.refresh();
  }

  changed() {
    if (this.src) this.parts.delete(this.src);
  }

  /** The part of the picture that is shown, fetched anew; the zoom stays. */
  async refresh() {
    const { src } = this;
    this.parts.delete(src);
    const part = await this.part(src).catch(() => null);
    if (part && this.src === src) this.fill(part);
  }

  /* --- The panel ------------------------------------------------------------------------------ */

  wantsPanel() {
    // On a small screen the picture comes first; on a large one what was chosen last.
    return isSmall.matches ? false : localStorage.getItem(PANEL) !== "closed";
  }

  togglePanel() {
    const open = !this.dialog.classList.contains("has-panel");
    if (!isSmall.matches) localStorage.setItem(PANEL, open ? "open" : "closed");
    this.openPanel(open);
  }

  openPanel(open) {
    this.dialog.classList.toggle("has-panel", open);
    this.panel.hidden = !open;
    this.querySelector("[data-toggle-panel]").ariaExpanded = String(open);
  }
}

/** The part of the picture whose page has this address. */
function partOf({ pathname, search }) {
  return `${pathname}shown/${search}`;
}

customElements.define("picture-lightbox", PictureLightbox);
