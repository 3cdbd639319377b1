// <collection-tree>: collections are dragged to another place, or onto another one to lie inside it.
//
//   [data-collection][data-parent]   a collection and the one that it lies in; what stands behind it is its next sibling
//
// Its menus do the same without a mouse. The answer to a move is the tree as it is then.

class CollectionTree extends HTMLElement {
  connectedCallback() {
    if (!this.querySelector("form")) return; // only to look at
    this.stop = new AbortController();
    const { signal } = this.stop;
    for (const [name, run] of Object.entries({
      dragstart: this.start,
      dragover: this.over,
      dragleave: this.leave,
      drop: this.drop,
      dragend: this.end,
    })) {
      this.addEventListener(name, (event) => run.call(this, event), { signal });
    }
    for (const each of this.querySelectorAll("[data-collection]")) each.draggable = true;
  }

  disconnectedCallback() {
    this.stop?.abort();
  }

  start(event) {
    const dragged = event.target.closest("[data-collection]");
    if (!dragged) return;
    this.dragged = dragged;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.querySelector("a").textContent);
    dragged.classList.add("is-dragged");
  }

  /** Near its edges a collection is a place before or behind; in its middle it takes the other one in. */
  over(event) {
    const target = event.target.closest("[data-collection]");
    this.clear();
    if (!this.dragged || !target || this.dragged.contains(target)) return;
    event.preventDefault();
    const box = target.getBoundingClientRect();
    const isTile = target.matches(".collection-tile");
    const part = isTile ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height;
    this.target = target;
    this.where = part < 0.25 ? "before" : part > 0.75 ? "after" : "into";
    target.classList.add(`drop-${this.where}`);
  }

  leave(event) {
    if (!this.contains(event.relatedTarget)) this.clear();
  }

  clear() {
    this.target?.classList.remove("drop-before", "drop-after", "drop-into");
    this.target = null;
  }

  drop(event) {
    const { target, where, dragged } = this;
    this.clear();
    if (!target || !dragged) return;
    event.preventDefault();
    const next = target.nextElementSibling === dragged ? dragged.nextElementSibling : target.nextElementSibling;
    const place = {
      before: [target.dataset.parent, target.dataset.collection],
      after: [target.dataset.parent, next?.dataset.collection ?? ""],
      into: [target.dataset.collection, ""],
    }[where];
    const form = dragged.querySelector("form[action$='/move/']");
    window.htmx.ajax("POST", form.getAttribute("action"), {
      source: this,
      target: this,
      swap: "outerHTML",
      values: { parent: place[0], before: place[1] },
    });
  }

  end() {
    this.clear();
    this.dragged?.classList.remove("is-dragged");
    this.dragged = null;
  }
}

customElements.define("collection-tree", CollectionTree);
