// <picture-wall>: pictures in justified rows, by days, as many as one cares to scroll through.
//
// The server sends parts of sixty cards; without scripts they are rows with a link to the next. Here the wall keeps all
// that came as items (wall-items.js), works out where each stands (wall-layout.js), and has elements only for the rows
// near the view, so that page and memory stay small however far one scrolls. Parts come at both ends before they are seen.
// What is looked at never moves: whatever is added above, opened or resized, the picture in view stays where it is.
//
// Attributes: data-part (address of parts), data-query, data-at (uid or day to begin at), data-newest (place of the newest),
// data-live (newest first: what arrives comes on top), data-stacked, data-words-….
// For other modules, beside the events of selection.js:
//   wall.uids                      of all that is loaded, in order
//   await wall.neighbour(uid, 1)   the next item ({uid, url, thumb, width, height, alt}), -1 the one before; null at an end
//   wall.show(uid, {focus})        into view, fetched if need be; so does a lightbox that closes (atelier:lightbox)
//   wall.change(uid, (card) => …)  changes a card, also one that is no element just now
//   wall.take(uids)                takes pictures away; what follows moves up
//   wall.jump({day} or {})         goes to a day, or to the newest
//   wall.refresh()                 fetches what is in view again
//   wall.move(uids, before)        puts pictures before another one, or at the end
// Events on the wall: `wall:view` when something else is in view.
import { dress, itemOf, lower, pictureArrived, raise, readPart } from "./wall-items.js";
import { layOut } from "./wall-layout.js";
import { densityOf } from "./wall-density.js";
import { Changes } from "./wall-changes.js";
import { News } from "./wall-news.js";
import { Place } from "./wall-place.js";
import { Selecting } from "./wall-selecting.js";
import { Stacks } from "./wall-stacks.js";

const NEAR = 1; // views above and below that have their rows ready
const KEPT = 1.6; // views beyond which rows are given up
const EARLY = 2.5; // views before an end at which the next part is fetched
const MOST = 4000; // items; beyond, those at the far end are forgotten, and come again like any part
const FORGOTTEN = 1000; // of them at once, about
const PHONE = 760; // pixels
const HEADER = 48;

class PictureWall extends HTMLElement {
  connectedCallback() {
    if (this.canvas) return;
    this.leaving = new AbortController();
    this.takeOver();
    this.stacks = new Stacks(this);
    this.place = new Place(this);
    this.selecting = new Selecting(this);
    this.news = new News(this);
    this.changes = new Changes(this);
    const { signal } = this.leaving;
    addEventListener("scroll", () => this.soon(), { passive: true, signal });
    document.addEventListener("atelier:density", () => this.resized(true), { signal });
    document.addEventListener("atelier:lightbox", (event) => this.shownLarge(event), { signal });
    this.addEventListener("load", pictureArrived, { capture: true, signal });
    this.addEventListener("error", pictureArrived, { capture: true, signal });
    this.addEventListener("focusin", (event) => this.rove(event.target.closest(".card")?.dataset.uid), { signal });
    this.watcher = new ResizeObserver(() => this.resized());
    this.watcher.observe(this);
  }

  disconnectedCallback() {
    // Moved about in the page it connects again at once; taken away it does not.
    queueMicrotask(() => {
      if (this.isConnected || !this.canvas) return;
      this.leaving.abort();
      this.watcher.disconnect();
      this.place.leave();
    });
  }

  get signal() {
    return this.leaving.signal;
  }

  /** The rows that the server drew become items, and their cards go on being used. */
  takeOver() {
    const chunk = this.querySelector(".wall-chunk");
    const { before = "", after = "" } = chunk?.dataset ?? {};
    this.words = this.dataset;
    this.items = [...(chunk?.children ?? [])].map((card) => itemOf(card, { keep: true }));
    this.edges = { before, after }; // places beside which the next parts begin; "" at an end
    Object.assign(this, { newest: this.dataset.newest, anchor: 0, rows: [], sections: [] });
    this.mounted = new Map(); // row -> its element
    this.stale = new Set(); // elements of rows that are no more; their cards may be in other rows
    this.loading = { before: null, after: null };
    this.generation = 0;
    for (const link of this.querySelectorAll(".wall-more")) link.remove();
    this.canvas = document.createElement("div");
    this.canvas.className = "wall-canvas";
    for (const item of this.items) dress(item, this.dressing);
    this.index();
    chunk?.replaceWith(this.canvas);
    this.anchor = Math.max(0, this.indexOfPlace(this.dataset.at));
  }

  get dressing() {
    return { select: this.words.wordsSelect ?? "", stack: this.words.wordsStack ?? "" };
  }

  index() {
    this.byUid = new Map(this.items.map((item, at) => [item.uid, at]));
  }

  item(uid) {
    return this.items[this.byUid.get(uid)];
  }

  get uids() {
    return this.items.map(({ uid }) => uid);
  }

  /** The item of a uid, or the first that is not newer than a day. */
  indexOfPlace(place) {
    if (!place) return -1;
    if (this.byUid.has(place)) return this.byUid.get(place);
    return /^\d{4}-\d\d-\d\d$/.test(place) ? this.items.findIndex(({ day }) => day && day <= place) : -1;
  }

  // --- Layout ---------------------------------------------------------------------------------

  resized(isForced = false) {
    const { clientWidth } = this.canvas;
    if (!clientWidth || (clientWidth === this.width && !isForced)) return;
    const isFirst = !this.width;
    const change = () => {
      this.width = clientWidth;
      this.layOut();
    };
    if (isFirst) {
      change();
      this.place.begin();
      this.render();
    } else this.holding(change);
  }

  layOut() {
    const { width } = this;
    const density = densityOf();
    const isPhone = innerWidth < PHONE;
    const { sections, rows, height } = layOut(this.items, {
      width,
      row: density.row,
      columns: isPhone ? density.columns : 0,
      gap: isPhone ? 3 : 6,
      header: this.items[0]?.day ? HEADER : 0,
      anchor: Math.min(this.anchor, this.items.length - 1),
      atTop: !this.edges.before,
      atEnd: !this.edges.after,
    });
    this.gap = isPhone ? 3 : 6;
    Object.assign(this, { sections, rows });
    this.height = height;
    this.canvas.style.height = `${height}px`;
    this.rowOf = null;
    this.reuse();
  }

  /** Rows that have the same pictures as before keep their elements; the others are given up at the next render. */
  reuse() {
    const before = this.mounted;
    this.mounted = new Map();
    const taken = new Set();
    for (const element of before.values()) {
      const from = this.byUid.get(element.kept.first);
      const row = from === undefined ? null : this.rowAt(from);
      const day = element.parentElement;
      const isSame = row !== null && row.from === from && this.items[row.to - 1].uid === element.kept.last;
      if (isSame && !row.section.element && !taken.has(day)) {
        row.section.element = day;
        taken.add(day);
        this.placeSection(row.section);
      }
      if (isSame && row.section.element === day) {
        this.mounted.set(row, element);
        this.placeRow(row, element);
      } else this.stale.add(element);
    }
  }

  placeRow(row, element) {
    const top = row.top - row.section.top;
    element.kept = { first: this.items[row.from].uid, last: this.items[row.to - 1].uid, top };
    element.style.top = `${top}px`;
    element.style.height = `${row.height}px`;
    element.style.width = `${row.width}px`;
  }

  placeSection(section) {
    const { element } = section;
    element.style.top = `${section.top}px`;
    element.style.height = `${section.height}px`;
    element.keptTop = section.top;
    if (!section.header) return;
    const words = daysInWords(section.newest, section.oldest);
    if (element.ariaLabel === words) return;
    element.ariaLabel = words;
    element.querySelector(".wall-date > span").textContent = words;
  }

  /** The row of an item. */
  rowAt(index) {
    this.rowOf ??= this.rows.flatMap((row) => Array(row.to - row.from).fill(row));
    return this.rowOf[index];
  }

  /** Where an item stands on the canvas. */
  boxOf(index) {
    const row = this.rowAt(index);
    let left = 0;
    for (let i = row.from; i < index; i += 1) left += this.widthOf(row, i) + this.gap;
    return { left, top: row.top, width: this.widthOf(row, index), height: row.height };
  }

  widthOf(row, index) {
    const { columns } = densityOf();
    if (innerWidth < PHONE) return (this.width - (columns - 1) * this.gap) / columns;
    return this.items[index].ratio * row.height;
  }

  /** The first row that ends below `y` on the canvas; the number of rows when none does. */
  firstBelow(y) {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[middle].top + this.rows[middle].height < y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What of the canvas is in view, below what sticks to the top of the page. */
  view() {
    const { top } = this.canvas.getBoundingClientRect();
    return { from: -top, to: innerHeight - top, below: this.stickyHeight - top };
  }

  get stickyHeight() {
    const bar = document.querySelector(".topbar");
    return bar ? bar.offsetHeight : 0;
  }

  /** Do something to items and layout; the picture that is looked at stays where it is on the screen. */
  holding(change, uid = this.inView()?.uid) {
    const before = uid && this.screenTop(uid);
    change();
    const after = uid && this.byUid.has(uid) ? this.screenTop(uid) : before;
    if (typeof before === "number" && Math.abs(after - before) > 0.5) scrollBy({ top: after - before, behavior: "instant" });
    this.render();
  }

  screenTop(uid) {
    const row = this.rowAt(this.byUid.get(uid));
    return row ? this.canvas.getBoundingClientRect().top + row.top : null;
  }

  /** The item that is looked at: the focused one if it can be seen, else the first whole one in view. */
  inView(view = this.view()) {
    const { below, to } = view;
    const focused = this.item(document.activeElement?.closest?.(".card")?.dataset.uid);
    if (focused) {
      const { top, height } = this.rowAt(this.byUid.get(focused.uid)) ?? {};
      if (top + height > below && top < to) return focused;
    }
    let at = this.firstBelow(below);
    const row = this.rows[at];
    if (row && row.top < below - row.height / 2 && this.rows[at + 1]?.top < to) at += 1;
    return this.rows[at] && this.items[this.rows[at].from];
  }

  // --- Window ---------------------------------------------------------------------------------

  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.render();
    });
  }

  /** Rows near the view become elements, rows far from it strings. */
  render() {
    if (!this.width || this.signal.aborted) return;
    const { from, to } = this.view();
    const screen = innerHeight;
    const wanted = this.rows.slice(
      this.firstBelow(from - NEAR * screen),
      this.firstBelow(to + NEAR * screen) + 1,
    );
    const stays = new Set(wanted);
    const isKept = (row) => row.top + row.height > from - KEPT * screen && row.top < to + KEPT * screen;
    const focused = document.activeElement?.closest?.(".card");
    for (const [row, element] of this.mounted) {
      if (stays.has(row) || isKept(row) || element.contains(focused)) continue;
      this.stale.add(element);
      this.mounted.delete(row);
    }
    for (const row of wanted) if (!this.mounted.has(row)) this.mount(row);
    for (const element of this.stale) this.unmount(element);
    this.stale.clear();
    if (focused?.isConnected && !focused.contains(document.activeElement)) {
      focused.querySelector(".card-link").focus({ preventScroll: true });
    }
    this.tidySections();
    this.keepRoving({ from, to, below: from + this.stickyHeight });
    this.loadEdges(from, to, screen);
    this.dispatchEvent(new Event("wall:view"));
  }

  mount(row) {
    const element = document.createElement("div");
    element.className = "wall-row";
    this.placeRow(row, element);
    for (let i = row.from; i < row.to; i += 1) {
      const item = this.items[i];
      const card = raise(item, this.dressing);
      card.style.flexGrow = innerWidth < PHONE ? 1 : item.ratio;
      card.classList.toggle("is-in-stack", Boolean(item.under));
      card.classList.toggle("is-open", this.stacks?.isOpen(item) ?? false);
      card.querySelector(".card-link").tabIndex = item.uid === this.active ? 0 : -1;
      this.selecting?.mark(card, item.uid);
      element.append(card);
    }
    const parent = this.sectionElement(row.section);
    const next = [...parent.querySelectorAll(":scope > .wall-row")].find(({ kept }) => kept.top > element.kept.top);
    parent.insertBefore(element, next ?? null);
    this.mounted.set(row, element);
  }

  unmount(element) {
    for (const card of [...element.children]) {
      const item = this.item(card.dataset.uid);
      if (item) lower(item);
    }
    element.remove();
  }

  sectionElement(section) {
    if (section.element?.isConnected) return section.element;
    const element = document.createElement("section");
    element.className = "wall-day";
    element.role = "group";
    if (section.header) {
      const title = document.createElement("h2");
      title.className = "wall-date";
      title.append(document.createElement("span"));
      element.append(title);
    }
    section.element = element;
    this.placeSection(section);
    const next = [...this.canvas.children].find((other) => other.keptTop > section.top);
    this.canvas.insertBefore(element, next ?? null);
    return element;
  }

  tidySections() {
    for (const element of [...this.canvas.children]) if (!element.querySelector(".wall-row")) element.remove();
  }

  // --- Parts ----------------------------------------------------------------------------------

  loadEdges(from, to, screen) {
    if (this.edges.after && to > this.height - EARLY * screen) this.load("after");
    if (this.edges.before && from < EARLY * screen) this.load("before");
  }

  address(place) {
    const params = new URLSearchParams(this.dataset.query);
    if ("stacked" in this.dataset) params.set("stacks", "1");
    else params.set("stacks", "0");
    for (const [name, value] of Object.entries(place)) params.set(name, value);
    return `${this.dataset.part}?${params}`;
  }

  async fetchPart(address) {
    const response = await fetch(address, { headers: { "HX-Request": "true" }, signal: this.signal });
    if (response.redirected) location.reload(); // signed out meanwhile
    if (!response.ok) throw new Error(response.statusText);
    return readPart(await response.text());
  }

  /** The next part at an end of what is loaded; one at a time. */
  load(edge) {
    if (this.failed === edge) return this.loading[edge];
    this.loading[edge] ??= this.loadPart(edge).finally(() => (this.loading[edge] = null));
    return this.loading[edge];
  }

  async loadPart(edge) {
    const { generation } = this;
    try {
      const place = this.edges[edge];
      const part = await this.fetchPart(place.startsWith("/") ? place : this.address({ [edge]: place }));
      if (generation !== this.generation) return;
      this.edges[edge] = part[edge];
      this.holding(() => {
        if (edge === "after") this.addBelow(part.items);
        else this.addAbove(part.items);
        this.forgetFar(edge);
        this.layOut();
      });
    } catch (error) {
      if (this.signal.aborted) return;
      this.offerAgain(edge);
    }
  }

  addBelow(items) {
    this.items.push(...this.unknown(items));
    this.index();
  }

  addAbove(items) {
    const fresh = this.unknown(items);
    this.items.unshift(...fresh);
    this.anchor += fresh.length;
    this.index();
    return fresh;
  }

  /** Of thousands of items those farthest from the growing end go: whole sections, or whole rows, so that none is broken anew. */
  forgetFar(edge) {
    if (this.items.length <= MOST || !this.dataset.part) return;
    const most = edge === "after" ? FORGOTTEN : this.items.length - FORGOTTEN;
    const starts = [...this.sections, ...this.rows].map(({ from }) => from);
    const sections = this.sections.map(({ from }) => from).filter((from) => from > most / 2 && from <= most);
    const cut = sections.at(-1) ?? starts.filter((from) => from <= most).reduce((a, b) => Math.max(a, b), 0);
    if (!cut) return;
    const gone = edge === "after" ? this.items.splice(0, cut) : this.items.splice(cut);
    for (const item of gone) if (item.card) lower(item);
    if (edge === "after") {
      this.edges.before = this.items[0].place;
      this.anchor = Math.max(0, this.anchor - cut);
    } else {
      this.edges.after = this.items.at(-1).place;
      this.anchor = Math.min(this.anchor, cut - 1);
    }
    this.index();
  }

  unknown(items) {
    return items.filter(({ uid }) => !this.byUid.has(uid));
  }

  /** A part did not come: a button in its place asks again. */
  offerAgain(edge) {
    this.failed = edge;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button wall-more";
    button.textContent = this.words.wordsFailed;
    button.addEventListener("click", () => {
      this.failed = null;
      button.remove();
      this.load(edge);
    });
    if (edge === "after") this.canvas.after(button);
    else this.canvas.before(button);
  }

  /** To a day, to a picture, or to the newest: what is loaded is exchanged for what hangs there. */
  async jump(place) {
    this.generation += 1;
    const { generation } = this;
    const part = await this.fetchPart(this.address(place));
    if (generation !== this.generation) return false;
    this.generation += 1; // parts that were asked for meanwhile belong to what is exchanged now
    for (const element of this.mounted.values()) this.unmount(element);
    this.mounted.clear();
    Object.assign(this, { items: part.items, edges: { before: part.before, after: part.after }, failed: null });
    if (!part.before) this.newest = part.first;
    this.stacks.forget();
    this.index();
    const at = this.indexOfPlace(place.at ?? place.day);
    this.anchor = Math.max(0, at);
    this.layOut();
    this.active = null;
    if (at > 0 || this.edges.before) this.bring(this.anchor);
    else scrollTo({ top: 0, behavior: "instant" });
    this.render();
    return true;
  }

  /** What is in view, as it is now; it stays where it is. */
  async refresh() {
    const item = this.inView();
    if (!item) return;
    const offset = this.screenTop(item.uid) - this.stickyHeight;
    const isTop = !this.edges.before && this.byUid.get(item.uid) === 0;
    const focused = document.activeElement?.closest?.(".card")?.dataset.uid;
    if (!(await this.jump(isTop ? {} : { at: item.uid }))) return;
    if (this.byUid.has(item.uid)) this.bring(this.byUid.get(item.uid), offset);
    this.render();
    if (focused) this.focusOn(focused);
  }

  move(uids, before) {
    const moved = new Set(uids);
    const items = uids.map((uid) => this.item(uid)).filter(Boolean);
    this.holding(() => {
      this.items = this.items.filter(({ uid }) => !moved.has(uid));
      const at = this.items.findIndex(({ uid }) => uid === before);
      this.items.splice(at < 0 ? this.items.length : at, 0, ...items);
      this.index();
      this.layOut();
    });
  }

  /** An item's row to the upper edge of the view, with its day above it. */
  bring(index, offset = HEADER) {
    const row = this.rowAt(index);
    if (!row) return;
    const { top } = this.canvas.getBoundingClientRect();
    scrollTo({ top: scrollY + top + row.top - this.stickyHeight - offset, behavior: "instant" });
  }

  async show(uid, { focus = true } = {}) {
    if (!this.byUid.has(uid) && !(await this.jump({ at: uid }))) return;
    const index = this.byUid.get(uid);
    if (index === undefined) return;
    const { top, height } = this.rowAt(index);
    const { below, to } = this.view();
    if (top < below + HEADER || top + height > to) this.bring(index, Math.max(HEADER, (innerHeight - height) / 3));
    this.render();
    this.rove(uid);
    if (focus) this.focusOn(uid);
  }

  /** The picture that was shown large last is the one to go on from. */
  shownLarge(event) {
    const { uid, open } = event.detail;
    if (open || !uid) return;
    event.preventDefault();
    this.show(uid);
  }

  focusOn(uid) {
    this.item(uid)?.card?.querySelector(".card-link").focus({ preventScroll: true });
  }

  async neighbour(uid, step) {
    const at = this.byUid.get(uid);
    if (at === undefined) return null;
    const edge = step > 0 ? "after" : "before";
    if (!this.items[at + step] && this.edges[edge]) await this.load(edge);
    const item = this.items[this.byUid.get(uid) + step];
    if (!item) return null;
    const holder = document.createElement("template");
    holder.innerHTML = item.card?.outerHTML ?? item.html;
    const image = holder.content.querySelector("img");
    return {
      uid: item.uid,
      url: holder.content.querySelector(".card-link").getAttribute("href"),
      thumb: image.getAttribute("src"),
      width: Number(image.getAttribute("width")),
      height: Number(image.getAttribute("height")),
      alt: image.alt,
    };
  }

  change(uid, edit) {
    const item = this.item(uid);
    if (!item) return;
    if (item.card) return edit(item.card);
    const holder = document.createElement("template");
    holder.innerHTML = item.html;
    edit(holder.content.firstElementChild);
    item.html = holder.innerHTML;
  }

  take(uids) {
    const gone = new Set(uids);
    const stays = this.inView();
    let next = stays && this.byUid.get(stays.uid);
    while (next !== undefined && gone.has(this.items[next]?.uid)) next += 1;
    const held = this.items[next]?.uid;
    const focused = document.activeElement?.closest?.(".card")?.dataset.uid;
    const lostFocus = focused && gone.has(focused);
    this.holding(() => {
      this.anchor -= this.items.slice(0, this.anchor).filter(({ uid }) => gone.has(uid)).length;
      for (const item of this.items) if (gone.has(item.uid)) item.card?.remove();
      this.items = this.items.filter(({ uid }) => !gone.has(uid));
      this.index();
      this.layOut();
    }, held);
    if (lostFocus && held) this.focusOn(held);
  }

  // --- One picture can be reached with Tab, the arrows do the rest ----------------------------

  rove(uid) {
    if (!uid || uid === this.active || !this.byUid.has(uid)) return;
    const tab = (at, value) => {
      const link = this.item(at)?.card?.querySelector(".card-link");
      if (link) link.tabIndex = value;
    };
    tab(this.active, -1);
    this.active = uid;
    tab(uid, 0);
  }

  /** The picture that Tab reaches is one that is there. */
  keepRoving(view) {
    if (this.item(this.active)?.card) return;
    this.rove(this.inView(view)?.uid ?? this.items[0]?.uid);
  }

  say(words) {
    const said = this.querySelector("[data-said]");
    if (said) said.textContent = words;
  }
}

/** "Tuesday, 4 March 2025", "2 – 4 March 2025"; the year only when it is another one. */
function daysInWords(newest, oldest) {
  if (oldest > newest) [newest, oldest] = [oldest, newest]; // the oldest come first
  const [from, to] = [new Date(`${oldest}T12:00`), new Date(`${newest}T12:00`)];
  const year = from.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
  const language = document.documentElement.lang;
  if (oldest === newest) {
    return new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", ...year }).format(from);
  }
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "long", ...year }).formatRange(from, to);
}

customElements.define("picture-wall", PictureWall);
