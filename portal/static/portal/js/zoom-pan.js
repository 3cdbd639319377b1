/**
 * A picture in an area: zoom and pan with wheel, mouse, fingers and by call. For the lightbox and the comparison.
 *
 *   const view = new ZoomPan(area, { onChange, onDrag, onSwipe, onBackground })
 *   view.hold(element, { width, height })   what is shown and its size in pixels; it fits the area, never blown up
 *   view.zoomBy(2)  view.fit()  view.toggle()  view.panBy(dx, dy)  view.place({ scale, x, y })  view.refit()
 *
 * `scale` 1 is the picture fitted into the area; `x` and `y` say how far its middle is from the middle of the area, as
 * parts of its size, so that several areas of different sizes can show the same place. While it fits, one finger or the
 * mouse draws: `onDrag(dx, dy)` follows, `onSwipe("left" | "right" | "down")` is what was meant, `onDrag(0, 0)` comes
 * when nothing was. A press beside the picture is `onBackground`. The area needs `touch-action: none`.
 *
 * It is our own and not a viewer from elsewhere, because a comparison moves several pictures as one, and because focus,
 * history and keys belong to the dialog.
 */
const MOST = 8; // times the fitted size, or twice the picture's own pixels, whichever is more
const FAR = 56; // pixels that count as meant
const TWICE = 320; // milliseconds between the two halves of a double press
const EDGE = 20; // what begins at the edge of a touch screen belongs to the system

export class ZoomPan {
  scale = 1;
  x = 0;
  y = 0;
  pointers = new Map();

  constructor(area, { onChange, onDrag, onSwipe, onBackground } = {}) {
    Object.assign(this, { area, onChange, onDrag, onSwipe, onBackground });
    this.stop = new AbortController();
    const { signal } = this.stop;
    area.addEventListener("wheel", (event) => this.wheeled(event), { passive: false, signal });
    area.addEventListener("pointerdown", (event) => this.pressed(event), { signal });
    area.addEventListener("pointermove", (event) => this.moved(event), { signal });
    area.addEventListener("pointerup", (event) => this.released(event), { signal });
    area.addEventListener("pointercancel", (event) => this.released(event), { signal });
    this.observer = new ResizeObserver(() => this.refit());
    this.observer.observe(area);
  }

  disconnect() {
    this.stop.abort();
    this.observer.disconnect();
  }

  hold(element, { width, height }) {
    Object.assign(this, { element, width, height, scale: 1, x: 0, y: 0 });
    this.pointers.clear();
    this.refit();
  }

  get isZoomed() {
    return this.scale > 1.001;
  }

  /** Room for the picture: the area without its padding. */
  get room() {
    const style = getComputedStyle(this.area);
    const side = (name) => Number.parseFloat(style[name]) || 0;
    return {
      width: this.area.clientWidth - side("paddingLeft") - side("paddingRight"),
      height: this.area.clientHeight - side("paddingTop") - side("paddingBottom"),
    };
  }

  get most() {
    return Math.max(MOST, (2 * this.width) / (this.fitted?.width || this.width));
  }

  refit() {
    if (!this.element || !this.width || !this.height) return;
    const { width, height } = this.room;
    if (width <= 0 || height <= 0) return;
    const part = Math.min(width / this.width, height / this.height, 1);
    this.fitted = { width: this.width * part, height: this.height * part };
    this.element.style.width = `${this.fitted.width}px`;
    this.element.style.height = `${this.fitted.height}px`;
    this.draw();
  }

  fit() {
    this.change({ scale: 1, x: 0, y: 0 });
  }

  /** Take the place of another view, without telling that one. */
  place({ scale, x, y }) {
    Object.assign(this, { scale, x, y });
    this.draw();
  }

  toggle(point) {
    if (this.isZoomed) return this.fit();
    const own = this.width / (this.fitted?.width || this.width); // the picture's own pixels
    this.zoomTo(own > 1.2 ? Math.min(own, this.most) : 2.5, point);
  }

  zoomBy(factor, point) {
    this.zoomTo(this.scale * factor, point);
  }

  /** Zoom so that what is under `point` (of the window) stays there; without one, the middle. */
  zoomTo(wished, point) {
    if (!this.fitted) return;
    const scale = Math.min(Math.max(wished, 1), this.most);
    const from = this.fromMiddle(point);
    const { width, height } = this.fitted;
    const x = from.x / width - (from.x / width - this.x) * (scale / this.scale);
    const y = from.y / height - (from.y / height - this.y) * (scale / this.scale);
    this.change({ scale, x, y });
  }

  panBy(dx, dy) {
    if (!this.fitted) return;
    this.change({ scale: this.scale, x: this.x + dx / this.fitted.width, y: this.y + dy / this.fitted.height });
  }

  fromMiddle(point) {
    if (!point) return { x: 0, y: 0 };
    const box = this.area.getBoundingClientRect();
    return { x: point.x - (box.left + box.width / 2), y: point.y - (box.top + box.height / 2) };
  }

  change({ scale, x, y }) {
    const { width, height } = this.room;
    // As far as its edges reach into the room, and no further.
    const reach = (size, room) => Math.max(0, (size * scale - room) / 2) / size;
    const within = (value, most) => Math.min(Math.max(value, -most), most);
    const before = `${this.scale} ${this.x} ${this.y}`;
    this.scale = scale;
    this.x = within(x, reach(this.fitted?.width || 1, width));
    this.y = within(y, reach(this.fitted?.height || 1, height));
    this.draw();
    if (before !== `${this.scale} ${this.x} ${this.y}`) this.onChange?.(this);
  }

  draw() {
    if (!this.element || !this.fitted) return;
    const { x, y, scale, fitted, element } = this;
    element.style.transform = `translate(${x * fitted.width}px, ${y * fitted.height}px) scale(${scale})`;
    this.area.classList.toggle("is-zoomed", this.isZoomed);
  }

  wheeled(event) {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const speed = event.ctrlKey ? 0.01 : 0.0022; // a pinch on a touch pad comes as a wheel with Ctrl
    this.zoomBy(Math.exp(-event.deltaY * lines * speed), { x: event.clientX, y: event.clientY });
  }

  pressed(event) {
    if (event.button !== 0 || event.target.closest("a, button, input")) return;
    const isEdge = event.pointerType === "touch" && (event.clientX < EDGE || event.clientX > innerWidth - EDGE);
    if (isEdge && !this.isZoomed) return;
    this.area.setPointerCapture(event.pointerId);
    if (this.pointers.size === 0) {
      this.way = { x: 0, y: 0, far: false, onPicture: this.isOnPicture(event), pinched: false };
    } else {
      this.way.pinched = true;
      this.onDrag?.(0, 0);
    }
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  isOnPicture({ clientX, clientY }) {
    const box = this.element?.getBoundingClientRect();
    return Boolean(
      box && clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom,
    );
  }

  moved(event) {
    const last = this.pointers.get(event.pointerId);
    if (!last) return;
    const now = { x: event.clientX, y: event.clientY };
    if (this.pointers.size === 2) {
      const [other] = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      this.pinched(last, now, other);
    } else if (this.pointers.size === 1) {
      this.dragged(now.x - last.x, now.y - last.y);
    }
    this.pointers.set(event.pointerId, now);
  }

  dragged(dx, dy) {
    this.way.x += dx;
    this.way.y += dy;
    this.way.far ||= Math.hypot(this.way.x, this.way.y) > 6;
    if (this.isZoomed) this.panBy(dx, dy);
    else if (this.way.far && !this.way.pinched) this.onDrag?.(this.way.x, this.way.y);
  }

  pinched(last, now, other) {
    const distance = (at) => Math.hypot(at.x - other.x, at.y - other.y) || 1;
    const middle = (at) => ({ x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
    const [before, after] = [middle(last), middle(now)];
    this.zoomBy(distance(now) / distance(last), after);
    if (this.isZoomed) this.panBy(after.x - before.x, after.y - before.y);
  }

  released(event) {
    if (!this.pointers.delete(event.pointerId) || this.pointers.size > 0) return;
    const { x, y, far, onPicture, pinched } = this.way;
    if (event.type === "pointercancel" || pinched) return this.onDrag?.(0, 0);
    if (!far) return this.tapped(event, onPicture);
    if (this.isZoomed) return;
    const meant = this.meant(x, y);
    if (!meant || this.onSwipe?.(meant) === false || !this.onSwipe) this.onDrag?.(0, 0);
  }

  meant(x, y) {
    if (Math.abs(x) > Math.abs(y)) return Math.abs(x) > FAR ? (x < 0 ? "left" : "right") : null;
    return y > 2 * FAR ? "down" : null;
  }

  tapped(event, onPicture) {
    const point = { x: event.clientX, y: event.clientY };
    const last = this.lastTap;
    this.lastTap = { ...point, at: event.timeStamp };
    const isTwice = last && event.timeStamp - last.at < TWICE && Math.hypot(point.x - last.x, point.y - last.y) < 30;
    if (isTwice) {
      this.lastTap = null;
      this.toggle(point);
    } else if (!onPicture) this.onBackground?.();
  }
}
