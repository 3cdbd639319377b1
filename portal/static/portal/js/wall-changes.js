// What happens to pictures while a wall shows them: stars and ratings on their cards, also on those that are no elements
// just now; pictures that were thrown away or moved go at once; after anything else what is in view is fetched again.

const GONE = new Set(["trash", "move", "purge"]);

export class Changes {
  constructor(wall) {
    this.wall = wall;
    const { signal } = wall;
    document.addEventListener("atelier:marks", ({ detail }) => this.mark(detail), { signal });
    document.addEventListener("atelier:pictures-changed", (event) => this.changed(event), { signal });
  }

  mark(marks) {
    for (const [uid, { starred, rating }] of Object.entries(marks)) {
      this.wall.change(uid, (card) => this.show(card, starred, rating));
    }
  }

  show(card, starred, rating) {
    card.classList.toggle("is-starred", starred);
    if (rating) card.dataset.rating = rating;
    else delete card.dataset.rating;
    card.querySelector(".card-own")?.remove();
    if (!starred && !rating) return;
    const { wordsStarred, wordsRated, wordsBoth } = this.wall.words;
    const words = (rating ? (starred ? wordsBoth : wordsRated) : wordsStarred).replace("{rating}", rating);
    const mark = document.createElement("span");
    mark.className = `card-mark card-own${rating ? " card-rating" : ""}`;
    mark.title = words;
    if (rating) mark.append(Object.assign(document.createElement("span"), { textContent: rating, ariaHidden: "true" }));
    mark.append(document.importNode(this.wall.querySelector("[data-star]").content, true));
    mark.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: words }));
    let place = card.querySelector(".card-marks");
    if (!place) {
      place = Object.assign(document.createElement("span"), { className: "card-marks" });
      card.querySelector(".card-link").after(place);
    }
    place.prepend(mark);
  }

  changed(event) {
    const { wall } = this;
    const { kind, uids } = event.detail;
    const left = uids && GONE.has(kind) ? wall.items.filter(({ uid }) => !uids.includes(uid)) : wall.items;
    if (!left.length || !("part" in wall.dataset)) return; // the whole page knows better what to say now
    event.preventDefault();
    if (left.length < wall.items.length) wall.take(uids);
    else wall.refresh().catch(() => {});
  }
}
