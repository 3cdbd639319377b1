// <ordered-wall data-order="…"> around the wall of a collection, whose pictures people put in order.
//
// A picture, or with it all that are selected, is dragged before another one; on other walls dragging selects, here it
// does so beside the pictures. Alt with an arrow key moves the picture that has the focus by one place. The buttons with
// data-in-collection in the bar of the selected pictures take them out or make one of them the cover.
import { onPictureKey } from "./picture-keys.js";
import { post, toast } from "./posting.js";
import { selection } from "./selection.js";

class OrderedWall extends HTMLElement {
  connectedCallback() {
    // What a search finds can be meant as a whole; a collection is what is loaded of it.
    this.forget = onPictureKey("Ctrl+a", () => selection.replace(this.wall.uids), { needs: "nothing" });
    if (!this.dataset.order) return;
    this.stop = new AbortController();
    const { signal } = this.stop;
    // On the way down, because the wall itself hears these as well.
    for (const [name, run] of Object.entries({
      pointerdown: this.pressedPicture,
      dragstart: this.start,
      dragover: this.over,
      drop: this.drop,
      dragend: this.end,
      keydown: this.pressed,
    })) {
      this.addEventListener(name, (event) => run.call(this, event), { signal, capture: true });
    }
    document.addEventListener("click", (event) => this.clicked(event), { signal });
    selection.addEventListener("change", () => this.offer(), { signal });
    this.offer();
  }

  disconnectedCallback() {
    this.stop?.abort();
    this.forget?.();
  }

  get wall() {
    return this.querySelector("picture-wall");
  }

  offer() {
    const cover = document.querySelector("[data-in-collection=cover]");
    if (cover) cover.hidden = selection.all || selection.ids.size !== 1;
  }

  async clicked({ target }) {
    const what = target.closest?.("[data-in-collection]")?.dataset.inCollection;
    if (!what || selection.all) return;
    const uids = [...selection.ids];
    const { remove, cover, removed, covered, failed } = this.dataset;
    try {
      await post(what === "cover" ? cover : remove, uids.map((uid) => ["uid", uid]), failed);
    } catch (error) {
      return toast(error.message, "error");
    }
    selection.clear();
    if (what === "remove") this.wall.take(uids);
    toast(what === "cover" ? covered : removed);
  }

  /** A press on a picture is the beginning of a drag of this picture, not of a frame that selects. */
  pressedPicture(event) {
    const isPicture = event.target.closest(".card") && !event.target.closest(".card-check, button");
    if (isPicture && event.pointerType === "mouse" && event.button === 0 && !event.shiftKey) event.stopPropagation();
  }

  start(event) {
    const card = event.target.closest?.(".card");
    if (!card) return;
    event.stopPropagation();
    const { uid } = card.dataset;
    const isSelected = !selection.all && selection.ids.has(uid);
    this.dragged = isSelected ? this.wall.uids.filter((each) => selection.ids.has(each)) : [uid];
    event.dataTransfer.effectAllowed = "move";
    card.classList.add("is-dragged");
  }

  over(event) {
    const card = event.target.closest?.(".card");
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
    const { target, isBehind, dragged } = this;
    this.clear();
    if (!target || !dragged) return;
    event.preventDefault();
    const { uids } = this.wall;
    const following = uids.slice(uids.indexOf(target.dataset.uid) + (isBehind ? 1 : 0));
    this.put(dragged, following.find((uid) => !dragged.includes(uid)) ?? "");
  }

  end() {
    this.clear();
    for (const card of this.querySelectorAll(".is-dragged")) card.classList.remove("is-dragged");
    this.dragged = null;
  }

  pressed(event) {
    if (!event.altKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    const uid = event.target.closest?.(".card")?.dataset.uid;
    const { uids, edges } = this.wall;
    const at = uids.indexOf(uid);
    if (at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "ArrowLeft" && at > 0) this.put([uid], uids[at - 1]);
    // Behind the last one that is loaded there may be more: they are fetched before.
    if (event.key === "ArrowRight" && at < uids.length - 1 && (uids[at + 2] || !edges.after)) this.put([uid], uids[at + 2] ?? "");
  }

  /** The wall shows the new order at once; a refusal is told, and the page then shows how it is. */
  async put(uids, before) {
    const { wall } = this;
    const focused = document.activeElement?.closest?.(".card")?.dataset.uid;
    if (!before && wall.edges.after) wall.take(uids);
    else wall.move(uids, before);
    if (focused && wall.item(focused)) wall.focusOn(focused);
    try {
      await post(this.dataset.order, [...uids.map((uid) => ["uid", uid]), ["before", before]], this.dataset.failed);
    } catch (error) {
      toast(error.message, "error");
      wall.jump({});
    }
  }
}

customElements.define("ordered-wall", OrderedWall);
