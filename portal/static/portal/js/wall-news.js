// Pictures that arrive while somebody looks at a wall: one's own as the jobs of the live stream finish, those of others by
// its `arrived` news; without a stream the wall asks twice a minute.
//
// Who looks at the beginning sees them slide in. For everybody else they are hung above without moving anything, and a
// button says how many there are and leads to them.
import { isLive } from "./live-events.js";
import { selection } from "./selection.js";

const GATHER = 800; // milliseconds in which several become one question
const AFTERWARDS = 4000;
const ASK_EVERY = 30000;

export class News {
  constructor(wall) {
    this.wall = wall;
    this.unseen = new Set();
    this.waiting = 0; // arrived, but the wall does not reach up to them
    if (!("live" in wall.dataset)) return;
    this.button = wall.parentElement.querySelector(".wall-news");
    const { signal } = wall;
    const project = /\/projects\/(\d+)\//.exec(wall.dataset.part)?.[1];
    document.addEventListener("atelier:job", ({ detail }) => detail.status === "succeeded" && this.soon(), { signal });
    document.addEventListener("atelier:arrived", ({ detail }) => String(detail.project) === project && this.soon(), { signal });
    document.addEventListener("visibilitychange", () => !document.hidden && this.soon(), { signal });
    wall.addEventListener("wall:view", () => this.look(), { signal });
    this.button?.addEventListener("click", () => this.go(), { signal });
    const clock = setInterval(() => !isLive() && !document.hidden && this.soon(), ASK_EVERY);
    signal.addEventListener("abort", () => {
      clearInterval(clock);
      clearTimeout(this.timer);
      clearTimeout(this.later);
    });
  }

  /** News of a swarm come once: whoever heard them asks again when the swarm should have passed. */
  soon() {
    this.timer ??= setTimeout(async () => {
      await this.ask();
      this.timer = null;
    }, GATHER);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.ask(), AFTERWARDS);
  }

  async ask() {
    const { wall } = this;
    if (wall.signal.aborted) return;
    try {
      if (wall.edges.before) return await this.askHowMany();
      const part = await wall.fetchPart(wall.address({ before: wall.newest }));
      if (part.items.length) this.hang(part);
    } catch {
      // the next news asks again
    }
  }

  async askHowMany() {
    const { wall } = this;
    const params = new URLSearchParams(wall.dataset.query);
    params.set("before", wall.newest);
    const response = await fetch(`${wall.dataset.count}?${params}`, { signal: wall.signal });
    if (!response.ok) return;
    this.waiting = (await response.json()).found;
    this.show();
  }

  hang({ items, first, before }) {
    const { wall } = this;
    const isWatching = this.isAtTop() && selection.isEmpty && !wall.contains(document.activeElement);
    const canStay = isWatching && !document.querySelector("dialog[open]");
    let fresh = [];
    const change = () => {
      wall.stacks.replaceTops(items);
      fresh = wall.addAbove(items);
      wall.newest = first;
      wall.edges.before = before;
      wall.layOut();
    };
    if (!canStay) {
      wall.holding(change);
      for (const { uid } of fresh) this.unseen.add(uid);
    } else {
      change();
      wall.render();
      for (const { card } of fresh) card?.classList.add("is-new");
    }
    this.show();
  }

  isAtTop() {
    return this.wall.view().below < 60;
  }

  /** Those that came into view are no news any more. */
  look() {
    if (!this.unseen.size) return;
    const { below } = this.wall.view();
    const before = this.unseen.size;
    for (const uid of this.unseen) {
      const row = this.wall.rowAt(this.wall.byUid.get(uid));
      if (!row || row.top + row.height > below) this.unseen.delete(uid);
    }
    if (this.unseen.size !== before) this.show();
  }

  show() {
    const count = this.unseen.size + this.waiting;
    if (!this.button) return;
    const words = this.wall.words.wordsNew.replace("{count}", count);
    if (count && this.button.hidden) this.wall.say(words);
    this.button.hidden = !count;
    this.button.querySelector("span").textContent = words;
  }

  async go() {
    const { wall } = this;
    if (this.waiting) await wall.jump({});
    else scrollTo({ top: 0, behavior: "instant" });
    wall.render();
    for (const uid of this.unseen) wall.item(uid)?.card?.classList.add("is-new");
    this.waiting = 0;
    this.unseen.clear();
    this.show();
    const [first] = wall.items;
    if (first) wall.rove(first.uid);
    if (this.button.matches(":focus") || document.activeElement === document.body) wall.focusOn(first?.uid);
  }
}
