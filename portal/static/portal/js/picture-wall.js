// <picture-wall> and its <grid-chunk> parts.
//
// Parts far outside the view give up their elements and keep only their height: with thousands of pictures this halves
// the memory of the page and keeps scrolling smooth (content-visibility on each card was five times slower).
// A part begins with the last row of the part before it, which may not have been full, so that no row ends in the middle.
// Arrow keys walk from picture to picture across parts, Home and End go to the ends; Enter opens, being a link.

const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) entry.target.inView(entry.isIntersecting);
  },
  { rootMargin: "150% 0px" },
);

class GridChunk extends HTMLElement {
  kept = null;

  connectedCallback() {
    this.takeLastRow();
    watcher.observe(this);
  }

  /** The rows above stay as they are: all but the last were full. Pictures that do not fit into rows are left alone. */
  takeLastRow() {
    const chunks = [...this.parentElement.querySelectorAll("grid-chunk")];
    const before = chunks[chunks.indexOf(this) - 1];
    if (this.taken || !before || before.kept !== null) return;
    this.taken = true;
    const cards = [...before.querySelectorAll(".card")];
    const top = cards.at(-1)?.offsetTop;
    const row = cards.filter((card) => card.offsetTop === top);
    if (row.length === cards.length) return;
    const focused = row.find((card) => card === document.activeElement);
    this.prepend(...row);
    focused?.focus({ preventScroll: true });
  }

  disconnectedCallback() {
    watcher.unobserve(this);
  }

  inView(near) {
    if (near) this.fill();
    else this.empty();
  }

  fill() {
    if (this.kept === null) return;
    this.innerHTML = this.kept;
    this.kept = null;
    this.style.height = "";
    window.htmx?.process(this);
  }

  empty() {
    if (this.kept !== null || !this.firstChild || this.contains(document.activeElement)) return;
    const { height } = this.getBoundingClientRect();
    this.kept = this.innerHTML;
    this.style.height = `${height}px`;
    this.replaceChildren();
  }
}

class PictureWall extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this);
  }

  handleEvent(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const card = event.target.closest(".card");
    if (!card) return;
    const next = this.neighbour(card, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  neighbour(card, key) {
    const cards = [...this.querySelectorAll(".card")];
    const at = cards.indexOf(card);
    switch (key) {
      case "ArrowRight":
        return cards[at + 1];
      case "ArrowLeft":
        return cards[at - 1];
      case "Home":
        return cards[0];
      case "End":
        return cards.at(-1);
      case "ArrowDown":
        return this.inNextRow(card, cards.slice(at + 1));
      case "ArrowUp":
        return this.inNextRow(card, cards.slice(0, at).reverse());
      default:
        return null;
    }
  }

  /** In the nearest other row of `others`, the card whose middle is closest to this card's middle. */
  inNextRow(card, others) {
    const middle = ({ left, width }) => left + width / 2;
    const from = card.getBoundingClientRect();
    let row = null;
    let best = null;
    let distance = Infinity;
    for (const other of others) {
      const box = other.getBoundingClientRect();
      if (Math.abs(box.top - from.top) < 10) continue;
      row ??= box.top;
      if (Math.abs(box.top - row) > 10) break;
      if (Math.abs(middle(box) - middle(from)) < distance) {
        best = other;
        distance = Math.abs(middle(box) - middle(from));
      }
    }
    return best;
  }
}

customElements.define("grid-chunk", GridChunk);
customElements.define("picture-wall", PictureWall);
