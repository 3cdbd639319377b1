// Stacks: with them on, the pictures of one request are one tile with their number. The number opens the stack in its
// place and closes it again. Whether stacks are on is remembered in a cookie, because the server draws the first part.

const YEAR = 365 * 24 * 3600;

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-stacks]");
  if (link) document.cookie = `wall_stacks=${link.dataset.stacks}; path=/; max-age=${YEAR}; samesite=lax`;
});

export class Stacks {
  constructor(wall) {
    this.wall = wall;
    this.open = new Map(); // uid of the tile -> uids of the pictures under it
    this.known = new Map(); // request -> promise of the items under its newest picture
    wall.addEventListener(
      "click",
      (event) => {
        const button = event.target.closest(".card-stack");
        if (button) this.toggle(button.closest(".card").dataset.uid);
      },
      { signal: wall.signal },
    );
  }

  isOpen({ uid }) {
    return this.open.has(uid);
  }

  /** A tile that stands for more pictures than are to be seen. */
  isClosedStack(item) {
    return item.count > 1 && !this.isOpen(item);
  }

  /** Items of the pictures under a tile. */
  under({ stack }) {
    if (!this.known.has(stack)) {
      const coming = this.wall.fetchPart(`${this.wall.dataset.part}stacks/${stack}/`).then(({ items }) => items);
      coming.catch(() => this.known.delete(stack));
      this.known.set(stack, coming);
    }
    return this.known.get(stack);
  }

  async toggle(uid) {
    const { wall } = this;
    const item = wall.item(uid);
    if (!item || item.count < 2) return;
    const members = this.isOpen(item) ? null : await this.under(item);
    const at = wall.byUid.get(uid);
    if (at === undefined) return;
    wall.holding(() => {
      if (members) this.spread(item, at, members);
      else this.gather(item, at);
      wall.index();
      wall.layOut();
    }, uid);
    this.mark(item);
  }

  spread(item, at, members) {
    const fresh = this.wall.unknown(members).map((member) => ({ ...member, day: item.day, under: item.uid, count: 1 }));
    this.wall.items.splice(at + 1, 0, ...fresh);
    if (this.wall.anchor > at) this.wall.anchor += fresh.length;
    this.open.set(item.uid, fresh.map(({ uid }) => uid));
  }

  gather(item, at) {
    const { wall } = this;
    const uids = this.open.get(item.uid);
    for (const gone of wall.items.splice(at + 1, uids.length)) gone.card?.remove();
    if (wall.anchor > at) wall.anchor = Math.max(at, wall.anchor - uids.length);
    this.open.delete(item.uid);
  }

  mark(item) {
    if (!item.card) return;
    const isOpen = this.isOpen(item);
    const { wordsStack, wordsStackClose } = this.wall.words;
    item.card.classList.toggle("is-open", isOpen);
    const button = item.card.querySelector(".card-stack");
    button.ariaExpanded = String(isOpen);
    button.ariaLabel = isOpen ? wordsStackClose : wordsStack.replace("{count}", item.count);
    button.title = button.ariaLabel;
  }

  /** A request that got another picture has a new tile: the old one goes. */
  replaceTops(items) {
    const { wall } = this;
    const requests = new Set(items.map(({ stack }) => stack).filter(Boolean));
    if (!requests.size) return;
    const gone = (item) => requests.has(item.stack) || (item.under && requests.has(wall.item(item.under)?.stack));
    const before = wall.items.slice(0, wall.anchor).filter(gone).length;
    const old = wall.items.filter(gone);
    for (const item of old) {
      item.card?.remove();
      this.open.delete(item.uid);
      this.known.delete(item.stack);
    }
    wall.items = wall.items.filter((item) => !old.includes(item));
    wall.anchor -= before;
    wall.index();
  }

  forget() {
    this.open.clear();
  }
}
