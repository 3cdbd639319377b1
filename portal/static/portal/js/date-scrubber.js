// <date-scrubber data-days data-label> beside a <picture-wall>: the whole gallery as a line, in which every day is as long
// as it has pictures. Drag it, click it, or use the arrows (days), Page Up and Down (months), Home and End; the wall
// follows when it rests. It is a slider by name and state; what it stands at is a date in words.

const REST = 140; // milliseconds after which a drag that rests is meant
const LINE = 20; // pixels between two labels, at least

class DateScrubber extends HTMLElement {
  async connectedCallback() {
    this.wall = this.parentElement?.querySelector("picture-wall");
    if (!this.wall || this.days) return;
    this.left = new AbortController();
    const { signal } = this.left;
    try {
      const response = await fetch(this.dataset.days, { signal, priority: "low" });
      if (!response.ok) return;
      this.count((await response.json()).days);
    } catch {
      return; // without it one scrolls
    }
    if (this.days.length < 2) return;
    this.build();
    this.hidden = false;
    this.parentElement.classList.add("has-scrubber");
    this.wall.addEventListener("wall:view", () => this.follow(), { signal });
    addEventListener("resize", () => this.fit(), { signal });
    for (const name of ["pointerdown", "keydown", "pointermove", "pointerleave", "focus", "blur"]) {
      this.line.addEventListener(name, (event) => this[`on${name}`]?.(event), { signal });
    }
    new ResizeObserver(() => this.label()).observe(this.line);
    this.follow();
  }

  disconnectedCallback() {
    queueMicrotask(() => !this.isConnected && this.left?.abort());
  }

  /** Days newest first, each with where on the line it begins: how many pictures are newer. */
  count(days) {
    let before = 0;
    this.days = days.map(([day, images]) => {
      const begins = before;
      before += images;
      return { day, images, begins };
    });
    this.total = before;
  }

  build() {
    const line = document.createElement("div");
    line.className = "scrubber-line";
    line.role = "slider";
    line.tabIndex = 0;
    line.ariaLabel = this.dataset.label;
    line.ariaOrientation = "vertical";
    line.ariaValueMin = "0";
    line.ariaValueMax = String(this.total);
    const [handle, tip, labels] = ["scrubber-handle", "scrubber-tip", "scrubber-labels"].map((name) => {
      const part = document.createElement("div");
      part.className = name;
      part.ariaHidden = "true";
      return part;
    });
    line.append(labels, handle, tip);
    Object.assign(this, { line, handle, tip, labels });
    const language = document.documentElement.lang;
    this.inWords = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric" });
    this.monthInWords = new Intl.DateTimeFormat(language, { month: "short" });
    this.replaceChildren(line);
  }

  /** Years in words, months as dots, as far as there is room. */
  label() {
    const { height } = this.line.getBoundingClientRect();
    if (!height || height === this.labelled) return;
    this.labelled = height;
    const marks = [];
    let month = "";
    for (const { day, begins } of this.days) {
      if (day.slice(0, 7) === month) continue;
      const isYear = day.slice(0, 4) !== month.slice(0, 4);
      month = day.slice(0, 7);
      marks.push({ at: (begins / this.total) * height, isYear, day });
    }
    const years = marks.filter(({ isYear }) => isYear);
    this.classList.toggle("is-short", years.length < 3); // then the months may be read at all times
    const placed = [];
    const place = (mark, words) => {
      if (placed.some((other) => Math.abs(other - mark.at) < LINE)) return;
      placed.push(mark.at);
      const label = document.createElement("span");
      label.textContent = words;
      label.className = mark.isYear ? "is-year" : "";
      label.style.top = `${mark.at}px`;
      this.labels.append(label);
    };
    this.labels.replaceChildren();
    for (const mark of years) place(mark, mark.day.slice(0, 4));
    for (const mark of marks) place(mark, this.monthInWords.format(new Date(`${mark.day}T12:00`)));
  }

  // --- Where the wall is ----------------------------------------------------------------------

  /** As long as the page shows of the wall: less while what is above it can be seen. */
  fit() {
    const top = Math.max(this.wall.stickyHeight, this.parentElement.getBoundingClientRect().top);
    const height = Math.round(innerHeight - top);
    if (height === this.fitted) return;
    this.fitted = height;
    this.style.setProperty("--length", `${height}px`);
  }

  follow() {
    this.fit();
    if (this.dragging || this.coming || this.timer) return; // it leads, and what still moves must not lead it back
    const item = this.wall.inView();
    if (!item?.day) return;
    const at = this.indexOf(item.day);
    const { begins, images } = this.days[at];
    const here = this.wall.byUid.get(item.uid);
    let first = here;
    while (first > 0 && this.wall.items[first - 1].day === item.day) first -= 1;
    this.at = at;
    this.show(begins + Math.min(here - first, images - 1));
  }

  /** The day, or the newest before it: days may have gone since they were counted. */
  indexOf(day) {
    const at = this.days.findIndex((other) => other.day <= day);
    return at < 0 ? this.days.length - 1 : at;
  }

  show(pictures) {
    const { day } = this.days[this.at];
    const share = this.total > 1 ? Math.min(1, pictures / (this.total - 1)) : 0;
    this.handle.style.top = `${share * 100}%`;
    this.tip.style.top = `${share * 100}%`;
    const words = this.inWords.format(new Date(`${day}T12:00`));
    this.tip.textContent = words;
    this.line.ariaValueNow = String(Math.round(pictures));
    this.line.ariaValueText = words;
  }

  // --- Leading the wall -----------------------------------------------------------------------

  /** The day at a height on the screen. */
  dayAt(clientY) {
    const { top, height } = this.line.getBoundingClientRect();
    const pictures = Math.min(1, Math.max(0, (clientY - top) / height)) * (this.total - 1);
    let [low, high] = [0, this.days.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.days[middle].begins <= pictures) low = middle;
      else high = middle - 1;
    }
    return { at: low, pictures };
  }

  onpointerdown(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.line.focus({ preventScroll: true });
    this.line.setPointerCapture(event.pointerId);
    this.dragging = true;
    this.classList.add("is-dragging");
    const end = new AbortController();
    const release = () => {
      end.abort();
      this.dragging = false;
      this.classList.remove("is-dragging");
      this.go(0);
    };
    this.lead(event.clientY);
    this.line.addEventListener("pointermove", ({ clientY }) => this.lead(clientY), { signal: end.signal });
    for (const name of ["pointerup", "pointercancel"]) this.line.addEventListener(name, release, { signal: end.signal });
  }

  /** Without a button pressed the tip says where a click would lead. */
  onpointermove(event) {
    if (this.dragging || event.pointerType !== "mouse") return;
    const { at } = this.dayAt(event.clientY);
    this.tip.textContent = this.inWords.format(new Date(`${this.days[at].day}T12:00`));
    this.tip.style.top = `${event.clientY - this.line.getBoundingClientRect().top}px`;
  }

  onpointerleave() {
    if (!this.dragging) this.follow();
  }

  lead(clientY) {
    const { at, pictures } = this.dayAt(clientY);
    this.at = at;
    this.show(pictures);
    this.go(REST);
  }

  go(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      this.timer = null;
      const { day } = this.days[this.at];
      if (day === this.shown) return;
      this.shown = day;
      this.coming = true;
      try {
        await this.wall.jump(this.at === 0 ? {} : { day });
      } catch {
        // the wall stays where it was
      } finally {
        this.coming = false;
        this.shown = null;
      }
    }, wait);
  }

  onkeydown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const to = this.reached(event.key);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.at = Math.min(this.days.length - 1, Math.max(0, to));
    this.show(this.days[this.at].begins);
    this.go(REST);
  }

  reached(key) {
    const month = (at) => this.days[at].day.slice(0, 7);
    const { at = 0 } = this;
    const last = this.days.length - 1;
    switch (key) {
      case "ArrowDown":
      case "ArrowRight":
        return at + 1;
      case "ArrowUp":
      case "ArrowLeft":
        return at - 1;
      case "PageDown": {
        const next = this.days.findIndex(({ day }, i) => i > at && day.slice(0, 7) !== month(at));
        return next < 0 ? last : next;
      }
      case "PageUp": {
        const other = this.days.slice(0, at).findLastIndex(({ day }) => day.slice(0, 7) !== month(at));
        return other < 0 ? 0 : this.days.findIndex(({ day }) => day.slice(0, 7) === month(other));
      }
      case "Home":
        return 0;
      case "End":
        return last;
      default:
        return null;
    }
  }
}

customElements.define("date-scrubber", DateScrubber);
