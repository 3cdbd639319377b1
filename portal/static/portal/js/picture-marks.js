// <picture-marks>: the reader's star and rating of one picture.
//
// A press shows at once what it will be; when the site refuses, everything is as before and the sentence is a toast.
// Marks are told to the whole page with the event `atelier:marks` ({uid: {starred, rating, mean, count}}): the same
// picture on a wall, in the lightbox and on its page shows the same. Without scripts its form does it.
import { post, toast } from "./posting.js";

const ADDRESS = () => document.querySelector("organize-keys")?.dataset;

/** Tell every part of the page how pictures are marked now. */
export function tellMarks(marks) {
  document.dispatchEvent(new CustomEvent("atelier:marks", { detail: marks }));
}

/** Mark pictures: `change` is {starred: bool} or {rating: 0…5}. Answers whether the site has taken it. */
export async function mark(url, uids, change, failed) {
  const before = {};
  const after = {};
  for (const uid of uids) {
    before[uid] = known.get(uid) ?? shownMarks(uid);
    after[uid] = { ...before[uid], ...change };
  }
  tellMarks(after);
  const [[name, value]] = Object.entries(change);
  const pairs = [...uids.map((uid) => ["uid", uid]), [name, String(Number(value))]];
  try {
    const { marks } = await post(url, pairs, failed);
    tellMarks(marks);
    return true;
  } catch (error) {
    tellMarks(before);
    toast(error.message, "error");
    return false;
  }
}

const known = new Map(); // uid -> marks that somebody has told since the page was loaded

// The cards of a wall are marked by the wall itself (wall-changes.js): most of them are no elements.
document.addEventListener("atelier:marks", ({ detail }) => {
  for (const [uid, marks] of Object.entries(detail)) known.set(uid, marks);
});

function starIcon() {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${ADDRESS()?.sprite}#star`);
  icon.append(use);
  return icon;
}

/** How a picture is marked, as far as the page shows it. */
export function shownMarks(uid) {
  const told = known.get(uid);
  if (told) return told;
  const element = document.querySelector(`picture-marks[data-uid="${CSS.escape(uid)}"]`);
  if (element) return element.marks;
  let marks = { starred: false, rating: 0 };
  const read = (card) => {
    marks = { starred: card.classList.contains("is-starred"), rating: Number(card.dataset.rating ?? 0) };
  };
  const wall = document.querySelector("picture-wall");
  if (wall?.item?.(uid)) wall.change(uid, read); // also a card that is no element just now
  return marks;
}

class PictureMarks extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.addEventListener("submit", (event) => this.pressed(event), { signal });
    document.addEventListener("atelier:marks", ({ detail }) => this.show(detail[this.dataset.uid]), { signal });
    if (known.has(this.dataset.uid)) this.show(known.get(this.dataset.uid));
  }

  disconnectedCallback() {
    this.stop?.abort();
  }

  get star() {
    return this.querySelector("[name=starred]");
  }

  get ratings() {
    return [...this.querySelectorAll("[data-rating]")];
  }

  get marks() {
    const rated = this.ratings.find((button) => button.ariaPressed === "true");
    return { starred: this.star.ariaPressed === "true", rating: Number(rated?.dataset.rating ?? 0) };
  }

  pressed(event) {
    event.preventDefault();
    const { name, value } = event.submitter ?? {};
    if (!name) return;
    const change = name === "starred" ? { starred: value === "1" } : { rating: Number(value) };
    mark(event.target.action, [this.dataset.uid], change, ADDRESS()?.failed ?? "");
  }

  show(marks) {
    if (!marks) return;
    this.star.ariaPressed = String(Boolean(marks.starred));
    this.star.value = marks.starred ? "0" : "1";
    for (const button of this.ratings) {
      const isOn = Number(button.dataset.rating) === marks.rating;
      button.ariaPressed = String(isOn);
      button.value = isOn ? "0" : button.dataset.rating;
    }
    const output = this.querySelector("output");
    if (!output || marks.count === undefined) return;
    const mean = Number(marks.mean).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    output.textContent = marks.count ? output.dataset.words.replace("{mean}", mean).replace("{count}", marks.count) : "";
  }
}

customElements.define("picture-marks", PictureMarks);

// A picture on a wall can be marked where it hangs: the control comes to the card that the mouse is on. One for all
// cards; none for fingers, which open the picture.
const control = document.createElement("div");
control.className = "card-marking";

function comeTo(card) {
  const words = ADDRESS();
  if (!words || control.parentElement === card) return;
  const { starred, rating } = shownMarks(card.dataset.uid);
  control.replaceChildren();
  const star = document.createElement("button");
  Object.assign(star, { type: "button", className: "marks-star", tabIndex: -1, ariaLabel: words.wordsStar, ariaPressed: String(starred) });
  star.append(starIcon());
  const ratings = document.createElement("span");
  ratings.className = "marks-rating";
  for (let number = 1; number <= 5; number += 1) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", tabIndex: -1, ariaPressed: String(number === rating) });
    button.ariaLabel = words.wordsRate.replace("{rating}", number);
    button.dataset.rating = number;
    ratings.append(button);
  }
  control.append(star, ratings);
  card.append(control);
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const card = event.target.closest?.("picture-wall .card");
  if (card) comeTo(card);
  else control.remove();
});

control.addEventListener("click", (event) => {
  const card = control.closest(".card");
  const button = event.target.closest("button");
  event.preventDefault();
  event.stopPropagation();
  const words = ADDRESS();
  if (!card || !button || !words) return;
  const now = shownMarks(card.dataset.uid);
  const rating = Number(button.dataset.rating ?? 0);
  const change = rating ? { rating: now.rating === rating ? 0 : rating } : { starred: !now.starred };
  mark(words.marks, [card.dataset.uid], change, words.failed);
  control.remove();
  comeTo(card);
});
control.addEventListener("pointerdown", (event) => event.stopPropagation());
