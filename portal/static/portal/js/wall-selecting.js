// Selecting on a wall, with mouse, keys and fingers. What is selected lives in selection.js; here it is chosen and shown.
//
//   mark of a card, Space      in or out                  click while something is selected   in or out
//   Shift + click or arrow     from the last one to here  drag with the mouse                 all that the frame touches
//   Ctrl+A                     everything that was found  Escape                              nothing
//   a long touch               begins; then a touch selects
// A closed stack stands for all of its pictures.
import { onPictureKey } from "./picture-keys.js";
import { selection } from "./selection.js";

const LONG = 450; // milliseconds of a long touch
const FAR = 6; // pixels after which a press is a drag
const EDGE = 70; // pixels at the edges of the view in which a drag scrolls
const ARROWS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: "below", ArrowUp: "above", Home: "first", End: "last" };

export class Selecting {
  constructor(wall) {
    this.wall = wall;
    const { signal } = wall;
    const { part, query, q, count } = wall.dataset;
    for (const name of ["click", "keydown", "pointerdown", "contextmenu", "dragstart"]) {
      wall.addEventListener(name, (event) => this[`on${name}`](event), { signal });
    }
    selection.addEventListener("change", () => this.show(), { signal });
    if (part) selection.about({ place: `${part}?${query}`, query: q, count: query ? `${count}?${query}` : count });
    else selection.about({ place: location.pathname });
    const keys = [
      onPictureKey("Ctrl+a", () => (part ? selection.selectAll() : selection.add(wall.uids)), { needs: "nothing" }),
      onPictureKey("Escape", () => (selection.isEmpty ? false : selection.clear()), { needs: "nothing" }),
      onPictureKey("ArrowRight", () => this.enter(), { needs: "nothing" }),
      onPictureKey("o", (uids, event) => this.toggleStack(event), { needs: "nothing" }),
    ];
    signal.addEventListener("abort", () => keys.forEach((release) => release()));
    this.show();
  }

  /** Marks of all cards that are elements, and how many are selected, in words. */
  show() {
    const { wall } = this;
    if (wall.signal.aborted) return;
    wall.classList.toggle("is-selecting", !selection.isEmpty);
    for (const card of wall.querySelectorAll(".card")) this.mark(card, card.dataset.uid);
    const { size, all, capped, isEmpty } = selection;
    const count = `${size ?? "…"}${capped ? "+" : ""}`;
    if (all) wall.say(wall.words.wordsEverything.replace("{count}", count));
    else if (!isEmpty) wall.say(wall.words.wordsSelected.replace("{count}", count));
    else if (this.wasSelecting) wall.say(wall.words.wordsNothing);
    this.wasSelecting = !isEmpty;
  }

  mark(card, uid) {
    const isOn = selection.has(uid);
    card.classList.toggle("is-selected", isOn);
    const check = card.querySelector(".card-check");
    if (check && check.ariaChecked !== String(isOn)) check.ariaChecked = String(isOn);
  }

  /** One picture in or out; a closed stack with all that lies under it. */
  async toggle(uid, on = !selection.has(uid)) {
    this.origin = uid;
    const item = this.wall.item(uid);
    selection.toggle(uid, on);
    if (item && this.wall.stacks.isClosedStack(item)) {
      const uids = await this.withStacks([item]);
      if (on) selection.add(uids);
      else selection.remove(uids);
    }
  }

  async withStacks(items) {
    const found = await Promise.allSettled(
      items.map(async (item) => (this.wall.stacks.isClosedStack(item) ? this.wall.stacks.under(item) : [])),
    );
    return [...items, ...found.flatMap(({ value }) => value ?? [])].map(({ uid }) => uid);
  }

  /** From the last one that was chosen to this one, beside what was selected before. */
  range(uid) {
    const { wall } = this;
    const from = wall.byUid.get(this.origin) ?? wall.byUid.get(uid);
    const to = wall.byUid.get(uid);
    if (from === undefined || to === undefined) return;
    const items = wall.items.slice(Math.min(from, to), Math.max(from, to) + 1);
    if (this.stretch) selection.remove(this.stretch.filter((other) => !items.some((item) => item.uid === other)));
    const fresh = items.map((item) => item.uid).filter((other) => !selection.has(other) || this.stretch?.includes(other));
    this.stretch = fresh;
    selection.add(fresh);
    if (items.some((item) => wall.stacks.isClosedStack(item))) this.withStacks(items).then((uids) => selection.add(uids));
  }

  // --- Mouse ----------------------------------------------------------------------------------

  onclick(event) {
    const card = event.target.closest(".card");
    if (this.wasDragged || !card) {
      if (this.wasDragged) event.preventDefault();
      this.wasDragged = false;
      return;
    }
    const { uid } = card.dataset;
    if (event.target.closest(".card-stack")) return;
    const isMark = event.target.closest(".card-check");
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    // A click that a key made (Enter) has no place and opens, also while selecting.
    const isPointed = event.detail > 0;
    if (event.shiftKey) {
      event.preventDefault();
      this.range(uid);
    } else if (isMark || (isPlain && isPointed && !selection.isEmpty)) {
      event.preventDefault();
      this.stretch = null;
      this.toggle(uid);
    } else return;
    this.wall.rove(uid);
    this.wall.focusOn(uid);
  }

  onpointerdown(event) {
    if (event.pointerType === "touch") return this.waitForLongTouch(event);
    if (event.button !== 0 || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest(".card-stack, .card-check, .button")) return;
    if (this.isOrdered && event.target.closest(".card")) return;
    const { left, top } = this.wall.canvas.getBoundingClientRect();
    const drag = { x: event.clientX - left, y: event.clientY - top, last: event, before: new Set(selection.ids) };
    const ended = new AbortController();
    const end = () => {
      ended.abort();
      this.endDrag(drag);
    };
    addEventListener("pointermove", (move) => this.moveDrag(drag, move), { signal: ended.signal });
    addEventListener("pointerup", end, { signal: ended.signal });
    addEventListener("pointercancel", end, { signal: ended.signal });
    addEventListener("scroll", () => drag.frame && this.drawDrag(drag), { signal: ended.signal });
  }

  moveDrag(drag, event) {
    const { left, top } = this.wall.canvas.getBoundingClientRect();
    drag.last = event;
    if (!drag.frame) {
      if (Math.hypot(event.clientX - left - drag.x, event.clientY - top - drag.y) < FAR) return;
      if (selection.all) selection.clear();
      drag.frame = document.createElement("div");
      drag.frame.className = "wall-frame";
      this.wall.canvas.append(drag.frame);
      this.wall.classList.add("is-dragging");
      getSelection()?.removeAllRanges();
      this.scrollAlong(drag);
    }
    this.drawDrag(drag);
  }

  drawDrag(drag) {
    const { left, top, width } = this.wall.canvas.getBoundingClientRect();
    const x = Math.min(Math.max(drag.last.clientX - left, 0), width);
    const y = Math.max(drag.last.clientY - top, 0);
    const box = { left: Math.min(x, drag.x), right: Math.max(x, drag.x), top: Math.min(y, drag.y), bottom: Math.max(y, drag.y) };
    Object.assign(drag.frame.style, {
      left: `${box.left}px`,
      top: `${box.top}px`,
      width: `${box.right - box.left}px`,
      height: `${box.bottom - box.top}px`,
    });
    const touched = this.itemsIn(box);
    const key = touched.map(({ uid }) => uid).join();
    if (key === drag.key) return;
    drag.key = key;
    drag.touched = touched;
    selection.replace([...drag.before, ...touched.map(({ uid }) => uid)]);
  }

  /** By the layout, not by elements: a drag reaches beyond what is on the page. */
  itemsIn({ left, right, top, bottom }) {
    const { wall } = this;
    const found = [];
    for (let at = wall.firstBelow(top); at < wall.rows.length && wall.rows[at].top <= bottom; at += 1) {
      const row = wall.rows[at];
      let x = 0;
      for (let i = row.from; i < row.to; i += 1) {
        const width = wall.widthOf(row, i);
        if (x <= right && x + width >= left) found.push(wall.items[i]);
        x += width + wall.gap;
      }
    }
    return found;
  }

  scrollAlong(drag) {
    const step = () => {
      if (!drag.frame) return;
      const { clientY } = drag.last;
      const up = this.wall.stickyHeight + EDGE - clientY;
      const down = clientY - (innerHeight - EDGE);
      if (up > 0) scrollBy({ top: -up / 4, behavior: "instant" });
      else if (down > 0) scrollBy({ top: down / 4, behavior: "instant" });
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  endDrag(drag) {
    if (!drag.frame) return;
    drag.frame.remove();
    drag.frame = null;
    this.wall.classList.remove("is-dragging");
    this.origin = drag.touched?.at(-1)?.uid ?? this.origin;
    this.stretch = null;
    // The click that ends a drag is not meant for the picture under it.
    this.wasDragged = true;
    setTimeout(() => (this.wasDragged = false));
    const closed = (drag.touched ?? []).filter((item) => this.wall.stacks.isClosedStack(item));
    if (closed.length) this.withStacks(closed).then((uids) => selection.add(uids));
  }

  /** Dragging selects; with Alt the browser drags the picture itself, as to another program. */
  ondragstart(event) {
    if (!event.altKey && !this.isOrdered) event.preventDefault();
  }

  /** Where people put pictures in order, dragging a picture does that; a frame begins beside the pictures. */
  get isOrdered() {
    return Boolean(this.wall.closest("[data-order]"));
  }

  // --- Fingers --------------------------------------------------------------------------------

  waitForLongTouch(event) {
    const card = event.target.closest(".card");
    if (!card) return;
    const { clientX, clientY } = event;
    const ended = new AbortController();
    const timer = setTimeout(() => {
      ended.abort();
      this.wasLong = true;
      navigator.vibrate?.(10);
      this.toggle(card.dataset.uid);
      // The finger is still down: what the browser makes of its going up is not meant.
      addEventListener("pointerup", () => setTimeout(() => (this.wasLong = false), 50), { once: true });
      addEventListener("click", (click) => this.wasLong && click.preventDefault(), { once: true, capture: true });
    }, LONG);
    const stop = () => {
      clearTimeout(timer);
      ended.abort();
    };
    const moved = (move) => Math.hypot(move.clientX - clientX, move.clientY - clientY) > FAR * 2 && stop();
    addEventListener("pointermove", moved, { signal: ended.signal });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, stop, { signal: ended.signal });
  }

  oncontextmenu(event) {
    if (event.pointerType === "touch" || this.wasLong) event.preventDefault();
  }

  // --- Keys -----------------------------------------------------------------------------------

  onkeydown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const card = event.target.closest(".card");
    if (!card || event.target.closest(".card-stack")) return;
    const { uid } = card.dataset;
    if (event.key === " ") {
      event.preventDefault();
      this.stretch = null;
      this.toggle(uid);
      return;
    }
    const step = ARROWS[event.key];
    if (!step) return;
    const next = this.neighbour(uid, step);
    event.preventDefault();
    if (!next) return;
    if (event.shiftKey) {
      if (!this.stretch) this.origin = uid;
    } else this.stretch = null;
    this.wall.show(next.uid);
    if (event.shiftKey) this.range(next.uid);
  }

  neighbour(uid, step) {
    const { wall } = this;
    const at = wall.byUid.get(uid);
    if (step === "first") return wall.items[0];
    if (step === "last") return wall.items.at(-1);
    if (typeof step === "number") return wall.items[at + step];
    const row = wall.rowAt(at);
    const { left, width } = wall.boxOf(at);
    const other = wall.rows[wall.rows.indexOf(row) + (step === "below" ? 1 : -1)];
    if (!other) return null;
    let x = 0;
    let best = null;
    let distance = Infinity;
    for (let i = other.from; i < other.to; i += 1) {
      const span = wall.widthOf(other, i);
      const apart = Math.abs(x + span / 2 - left - width / 2);
      if (apart < distance) [best, distance] = [wall.items[i], apart];
      x += span + wall.gap;
    }
    return best;
  }

  /** An arrow without a focused picture begins at the first one in view. */
  enter() {
    const { activeElement } = document;
    if (activeElement && activeElement !== document.body && !activeElement.matches("main")) return false;
    const item = this.wall.inView();
    if (!item) return false;
    this.wall.rove(item.uid);
    this.wall.focusOn(item.uid);
    return true;
  }

  toggleStack(event) {
    const item = this.wall.item(event.target.closest?.(".card")?.dataset.uid);
    const tile = item?.under ? this.wall.item(item.under) : item;
    if (!tile || tile.count < 2) return false;
    this.wall.stacks.toggle(tile.uid).then(() => this.wall.focusOn(tile.uid));
    return true;
  }
}
