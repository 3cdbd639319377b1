/**
 * <picture-compare>: two to four pictures that are zoomed and moved as one (zoom-pan.js). templates/assets/compare.html.
 *
 *   [data-mode="side|slider|flip"]  side by side; one over the other with an edge that moves (two pictures); one at a
 *                                   time in the same place (keys 1 to 4, a press on the tabs)
 *   [data-area] in [data-frame]     where a picture is; without scripts they are side by side
 *   [data-at]                       a range: how much of the first picture the slider shows
 *
 * Keys: + - 0 zoom, 1 to 4 and the arrows choose a picture while one is shown at a time.
 */
import { isTyping } from "./typing.js";
import { ZoomPan } from "./zoom-pan.js";

const isSmall = matchMedia("(width < 760px)");

class PictureCompare extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.frames = [...this.querySelectorAll("[data-frame]")];
    this.views = this.frames.map((frame) => this.viewOf(frame.querySelector("[data-area]")));
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    this.range = this.querySelector("[data-at]");
    this.range?.addEventListener("input", () => this.slide(), { signal });
    document.addEventListener("keydown", (event) => this.keyed(event), { signal });
    this.querySelector("[data-tools]").hidden = false;
    const canSlide = this.frames.length === 2;
    this.choose(0);
    this.setMode(isSmall.matches ? (canSlide ? "slider" : "flip") : "side");
  }

  disconnectedCallback() {
    this.stop.abort();
    for (const view of this.views) view.disconnect();
  }

  viewOf(area) {
    const picture = area.querySelector("img");
    const size = { width: Number(picture.getAttribute("width")), height: Number(picture.getAttribute("height")) };
    const view = new ZoomPan(area, {
      onChange: (changed) => this.follow(changed),
      onSwipe: (way) => this.swiped(way),
    });
    view.hold(picture, size);
    return view;
  }

  /** All show the same place, with the pixels that it takes. */
  follow(changed) {
    for (const view of this.views) {
      if (view !== changed) view.place(changed);
      this.sharpen(view);
    }
  }

  sharpen(view) {
    const { element, fitted, scale, width } = view;
    if (!fitted || !element.dataset.original || element.naturalWidth >= width) return;
    if (scale * fitted.width * devicePixelRatio <= element.naturalWidth * 1.05) return;
    const { original } = element.dataset;
    delete element.dataset.original;
    const image = new Image();
    image.src = original;
    image.decode().then(() => (element.src = original), () => {});
  }

  clicked(event) {
    const button = event.target.closest("[data-mode], [data-tab], [data-zoom]");
    if (!button) return;
    const { mode, tab, zoom } = button.dataset;
    if (mode) this.setMode(mode);
    else if (tab) this.choose(Number(tab));
    else this.zoom(zoom);
  }

  zoom(how) {
    const view = this.views[this.mode === "flip" ? this.chosen : 0];
    if (how === "fit") view.fit();
    else view.zoomBy(how === "in" ? 1.5 : 1 / 1.5);
  }

  keyed(event) {
    if (isTyping(event) || event.defaultPrevented) return;
    const number = Number(event.key);
    if (event.key === "+" || event.key === "=") this.zoom("in");
    else if (event.key === "-") this.zoom("out");
    else if (event.key === "0") this.zoom("fit");
    else if (number >= 1 && number <= this.frames.length) {
      this.setMode("flip");
      this.choose(number - 1);
    } else if (this.mode === "flip" && event.key === "ArrowRight") this.choose(this.chosen + 1);
    else if (this.mode === "flip" && event.key === "ArrowLeft") this.choose(this.chosen - 1);
    else return;
    event.preventDefault();
  }

  swiped(way) {
    if (this.mode !== "flip" || way === "down") return;
    this.choose(this.chosen + (way === "left" ? 1 : -1));
  }

  choose(index) {
    const { length } = this.frames;
    this.chosen = (index + length) % length;
    this.frames.forEach((frame, at) => frame.classList.toggle("is-chosen", at === this.chosen));
    for (const tab of this.querySelectorAll("[data-tab]")) {
      tab.ariaPressed = String(Number(tab.dataset.tab) === this.chosen);
    }
  }

  setMode(mode) {
    this.mode = mode;
    this.dataset.shows = mode;
    for (const button of this.querySelectorAll("[data-mode]")) {
      button.ariaPressed = String(button.dataset.mode === mode);
    }
    this.querySelector("[data-tabs]").hidden = mode !== "flip";
    const slider = this.querySelector("[data-slider]");
    if (slider) slider.hidden = mode !== "slider";
    if (mode === "slider") this.slide();
    for (const view of this.views) view.fit();
  }

  slide() {
    this.querySelector("[data-frames]").style.setProperty("--at", `${this.range.value}%`);
  }
}

customElements.define("picture-compare", PictureCompare);
