/**
 * Which pictures are selected, for all modules of a page. Wall, keys and the bar of actions share this one object.
 *
 *   ids        uids that were selected one by one
 *   all        everything that was found is selected, loaded or not, but for those in `without`
 *   without    uids that were taken out of "everything"
 *   found      how many were found, once the server has said so; null before that
 *   capped     `found` is where the server stopped counting: there are more
 *   size       how many are selected; null while only the server could say
 *   chosen()   what a form sends: {uids: […]} or {q, up_to, without: […]}
 *
 * Event `change` after every change. `about()` tells whose pictures these are; the selection of a place is kept for the
 * tab, so that it survives a reload and Back. `up_to` is the newest picture that "everything" means: what arrives after
 * it was counted was not seen by anybody.
 */
const PREFIX = "atelier:selection:";
const MOST_KEPT = 5000; // uids; more do not fit comfortably into what a tab may keep

class Selection extends EventTarget {
  ids = new Set();
  without = new Set();
  all = false;
  found = null;
  capped = false;
  place = "";
  query = "";
  upTo = "";

  /** From now on it is about the pictures of `place`, an address: all that `query` finds, as the address `count` counts. */
  about({ place, query = "", count = "" }) {
    this.count = count;
    if (this.place === place) return;
    Object.assign(this, { place, query, upTo: "", all: false, found: null, capped: false });
    this.ids = new Set();
    this.without = new Set();
    this.restore();
    this.changed();
  }

  get size() {
    if (!this.all) return this.ids.size;
    return this.found === null ? null : Math.max(0, this.found - this.without.size);
  }

  get isEmpty() {
    return !this.all && this.ids.size === 0;
  }

  has(uid) {
    return this.all ? !this.without.has(uid) : this.ids.has(uid);
  }

  toggle(uid, on = !this.has(uid)) {
    const set = this.all ? this.without : this.ids;
    if (on === this.all) set.delete(uid);
    else set.add(uid);
    this.changed();
  }

  add(uids) {
    for (const uid of uids) {
      if (this.all) this.without.delete(uid);
      else this.ids.add(uid);
    }
    this.changed();
  }

  remove(uids) {
    for (const uid of uids) {
      if (this.all) this.without.add(uid);
      else this.ids.delete(uid);
    }
    this.changed();
  }

  /** Exactly these; what a drag or a range selects while it still changes. */
  replace(uids) {
    Object.assign(this, { all: false, found: null, capped: false, upTo: "" });
    this.ids = new Set(uids);
    this.without = new Set();
    this.changed();
  }

  /** Everything that was found. The server counts it, and says up to which picture: later ones are not meant. */
  async selectAll() {
    Object.assign(this, { all: true, found: null, capped: false });
    this.ids = new Set();
    this.without = new Set();
    this.changed();
    const { place, count } = this;
    if (!count) return;
    try {
      const response = await fetch(count, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(response.statusText);
      const { found, capped, up_to: upTo } = await response.json();
      if (!this.all || this.place !== place) return;
      Object.assign(this, { found, capped, upTo });
      this.changed();
    } catch {
      if (this.place === place) this.clear(); // what cannot be counted must not be acted upon
    }
  }

  clear() {
    this.replace([]);
  }

  chosen() {
    if (!this.all) return { uids: [...this.ids] };
    return { q: this.query, up_to: this.upTo, without: [...this.without] };
  }

  changed() {
    this.keep();
    this.dispatchEvent(new Event("change"));
  }

  keep() {
    if (!this.place) return;
    try {
      if (this.isEmpty || this.ids.size > MOST_KEPT) return sessionStorage.removeItem(PREFIX + this.place);
      const { all, found, capped, upTo } = this;
      const kept = { all, found, capped, upTo, ids: [...this.ids], without: [...this.without] };
      sessionStorage.setItem(PREFIX + this.place, JSON.stringify(kept));
    } catch {
      // a browser that keeps nothing: the selection lives as long as the page
    }
  }

  restore() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(PREFIX + this.place));
      if (!kept) return;
      const { all, found, capped, upTo, ids, without } = kept;
      Object.assign(this, { all, found, capped, upTo });
      this.ids = new Set(ids);
      this.without = new Set(without);
    } catch {
      // as above
    }
  }
}

export const selection = new Selection();
