// <ordered-wall data-order="…"> around the wall of a collection, whose pictures people put in order.
//
// A picture, or with it all that are selected, is dragged before another one; Alt with an arrow key moves the picture
// that has the focus by one place. [data-tools] is a form for the pictures that are selected: out of the collection,
// and for a single one, as its cover.
import { post, toast } from "./posting.js";
import { selection } from "./selection.js";

class OrderedWall extends HTMLElement {
  connectedCallback() {
    if (!this.dataset.order) return;
    this.stop = new AbortController();
    const { signal } = this.stop;
    for (const [name, run] of Object.entries({
      dragstart: this.start,
      dragover: this.over,
      drop: this.drop,
      dragend: this.end,
      keydown: this.pressed,
    })) {
      this.addEventListener(name, (event) => run.call(this, event), { signal, capture: name === "keydown" });
    }
    this.tools = this.querySelector("[data-tools]");
    this.tools?.addEventListener("submit", () => this.fill(), { signal });
    selection.addEventListener("change", () => this.offer(), { signal });
    this.offer();
  }

  disconnectedCallback() {
    this.stop?.abort();
  }

  get wall() {
    return this.querySelector("picture-wall");
  }

  /** Of all pictures that are loaded, in order; most of them are no elements just now. */
  get uids() {
    return this.wall.uids;
  }

  offer() {
    if (!this.tools) return;
    const count = selection.all ? 0 : selection.ids.size;
    this.tools.hidden = count === 0;
    const output = this.tools.querySelector("output");
    output.textContent = output.dataset.words.replace("{count}", count);
    this.tools.querySelector("[data-cover]").hidden = count !== 1;
  }

  /** The form sends what is selected. */
  fill() {
    for (const old of this.tools.querySelectorAll("input[name=uid]")) old.remove();
    for (const uid of selection.ids) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "uid", value: uid });
      this.tools.append(input);
    }
    selection.clear();
  }

  start(event) {
    const card = event.target.closest?.("[data-uid]");
    if (!card) return;
    const { uid } = card.dataset;
    this.dragged = !selection.all && selection.ids.has(uid) ? this.uids.filter((each) => selection.ids.has(each)) : [uid];
    event.dataTransfer.effectAllowed = "move";
    card.classList.add("is-dragged");
  }

  over(event) {
    const card = event.target.closest?.("[data-uid]");
    this.clear();
    if (!this.dragged || !card || this.dragged.includes(card.dataset.uid)) return;
    event.preventDefault();
    const box = card.getBoundingClientRect();
    this.target = card;
    this.isBehind = event.clientX > box.left + box.width / 2;
    card.classList.add(this.isBehind ? "drop-after" : "drop-before");
  }

  clear() {
    this.target?.classList.remove("drop-before", "drop-after");
    this.target = null;
  }

  drop(event) {
    const { target, isBehind, dragged, uids } = this;
    this.clear();
    if (!target || !dragged) return;
    event.preventDefault();
    const rest = uids.slice(uids.indexOf(target.dataset.uid) + (isBehind ? 1 : 0));
    this.put(dragged, rest.find((uid) => !dragged.includes(uid)) ?? "");
  }

  end() {
    this.clear();
    for (const card of this.querySelectorAll(".is-dragged")) card.classList.remove("is-dragged");
    this.dragged = null;
  }

  pressed(event) {
    if (!event.altKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    const card = event.target.closest?.("[data-uid]");
    if (!card) return;
    event.preventDefault();
    event.stopPropagation();
    const { uids } = this;
    const { uid } = card.dataset;
    const at = uids.indexOf(uid);
    if (event.key === "ArrowLeft" && at > 0) this.put([uid], uids[at - 1]);
    if (event.key === "ArrowRight" && at < uids.length - 1) this.put([uid], uids[at + 2] ?? "");
  }

  /** The page shows the new order at once, and the old one again when it could not be saved. */
  async put(uids, before) {
    // At the end of what is loaded is not the end of all: there the next part shows them.
    if (before || !this.wall.edges.after) this.wall.move(uids, before);
    else this.wall.take(uids);
    try {
      await post(this.dataset.order, [...uids.map((uid) => ["uid", uid]), ["before", before]], this.dataset.failed);
      this.dispatchEvent(new CustomEvent("atelier:ordered", { bubbles: true }));
    } catch (error) {
      toast(error.message, "error");
      window.location.reload();
    }
  }
}

customElements.define("ordered-wall", OrderedWall);
