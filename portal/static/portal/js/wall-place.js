// Where somebody is on a wall survives Back, a reload, and a picture that was opened: the address says at which picture
// (?at=<uid>), so that the server begins there; the tab keeps how far it was from the edge, and which had the focus.

const PREFIX = "atelier:place:";
const CALM = 250; // milliseconds without scrolling after which the place is written down

export class Place {
  constructor(wall) {
    this.wall = wall;
    if (!("part" in wall.dataset)) return; // such a wall begins anew each time; the browser scrolls it
    this.before = history.scrollRestoration;
    history.scrollRestoration = "manual";
    const { signal } = wall;
    addEventListener("scroll", () => this.soon(), { passive: true, signal });
    addEventListener("pagehide", () => this.keep(), { signal });
    wall.addEventListener("focusin", () => this.soon(), { signal });
  }

  leave() {
    clearTimeout(this.timer);
    if (this.before) history.scrollRestoration = this.before;
  }

  /** The address of the same pictures, wherever one is among them. */
  get key() {
    const url = new URL(location.href);
    for (const name of ["at", "day", "before", "after", "stacks"]) url.searchParams.delete(name);
    return `${PREFIX}${url.pathname}${url.search}`;
  }

  /** Once the wall knows where everything stands: go where the address says. */
  begin() {
    const { wall } = this;
    const kept = this.read();
    const at = wall.indexOfPlace(wall.dataset.at);
    if (at < 0) return;
    const isKept = kept?.uid === wall.items[at].uid;
    const offset = isKept ? kept.offset : undefined;
    wall.bring(at, offset);
    wall.render();
    // What is above the wall may still grow a little, with the page's own letters.
    const { uid } = wall.items[at];
    const y = scrollY;
    document.fonts?.ready.then(() => {
      if (wall.byUid.has(uid) && Math.abs(scrollY - y) < 2) wall.bring(wall.byUid.get(uid), offset);
    });
    const focused = isKept && kept.focused && wall.item(kept.focused);
    if (!focused) return;
    wall.rove(kept.focused);
    if (document.activeElement === document.body) wall.focusOn(kept.focused);
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), CALM);
  }

  keep() {
    const { wall } = this;
    // A picture shown large has an address of its own, which is not this one's to change.
    if (!wall.isConnected || document.querySelector("dialog[open][data-picture-keys]")) return;
    if (this.path && this.path !== location.pathname) return;
    this.path = location.pathname;
    const item = wall.inView();
    const { from } = wall.view();
    const url = new URL(location.href);
    for (const name of ["at", "day", "before", "after"]) url.searchParams.delete(name);
    const isTop = !wall.edges.before && from < innerHeight / 3;
    if (item && !isTop) url.searchParams.set("at", item.uid);
    if (url.href !== location.href) history.replaceState(history.state, "", url);
    if (!item) return;
    const focused = document.activeElement?.closest?.(".card")?.dataset.uid;
    const offset = wall.screenTop(item.uid) - wall.stickyHeight;
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ uid: item.uid, offset, focused }));
    } catch {
      // this browser keeps nothing: the address alone has to do
    }
  }

  read() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key));
    } catch {
      return null;
    }
  }
}
