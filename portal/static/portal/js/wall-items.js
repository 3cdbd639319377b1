/**
 * The pictures of a wall as the script keeps them: a few values and, while a card is far from the view, its HTML.
 * Thousands of cards are strings of a few hundred letters; only those near the view are elements.
 */
const WIDEST = 6; // beyond that a panorama is cropped, or its row would be a line

/** The parts of an answer: its pictures in order, and where the next parts begin ("" at an end). */
export function readPart(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html; // inert: no image of it is fetched
  const chunk = holder.content.querySelector(".wall-chunk");
  if (!chunk) throw new Error("no part of a wall");
  const { before = "", after = "", first = "" } = chunk.dataset;
  return { items: [...chunk.children].map((card) => itemOf(card)), before, after, first };
}

/** A picture from its card. With `keep` the card itself goes on being used: it stands on the page already. */
export function itemOf(card, { keep = false } = {}) {
  const image = card.querySelector("img");
  const ratio = (Number(image.getAttribute("width")) || 1) / (Number(image.getAttribute("height")) || 1);
  const { uid, day, stack, count, place } = card.dataset;
  return {
    uid,
    place: place ?? "", // where parts beside it begin
    day: day ?? "",
    ratio: Math.min(WIDEST, Math.max(1 / WIDEST, ratio)),
    stack: stack ?? "",
    count: Number(count) || 1,
    under: "", // uid of the picture in whose opened stack this one stands
    card: keep ? card : null,
    html: keep ? null : card.outerHTML,
  };
}

/** The item's card as an element, with what only the script needs: a mark to select it, a button for its stack. */
export function raise(item, { select, stack }) {
  if (item.card) return item.card;
  const holder = document.createElement("template");
  holder.innerHTML = item.html;
  item.card = holder.content.firstElementChild;
  dress(item, { select, stack });
  return item.card;
}

export function dress(item, { select, stack }) {
  const { card } = item;
  const check = document.createElement("span");
  check.className = "card-check";
  check.setAttribute("role", "checkbox");
  check.setAttribute("aria-checked", "false");
  check.setAttribute("aria-label", select);
  check.tabIndex = -1;
  card.append(check);
  if (item.count > 1) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "card-stack";
    button.tabIndex = -1;
    button.textContent = item.count;
    button.setAttribute("aria-label", stack.replace("{count}", item.count));
    button.title = button.getAttribute("aria-label");
    card.append(button);
  }
  awaitPicture(card);
}

/** Back to a string: as the server sent it and as other scripts changed it, without what belongs to the wall. */
export function lower(item) {
  const { card } = item;
  if (!card) return;
  card.remove();
  card.removeAttribute("style");
  card.classList.remove("is-selected", "is-loading", "is-new", "is-in-stack", "is-open", "is-dragged");
  for (const own of card.querySelectorAll(".card-check, .card-stack, .card-blur, .card-marking")) own.remove();
  card.querySelector(".card-link")?.removeAttribute("tabindex");
  item.html = card.outerHTML;
  item.card = null;
}

/** Until its thumbnail is there, a card shows a few blurred colours, or a neutral tone. */
function awaitPicture(card) {
  const image = card.querySelector("img");
  if (image.complete && image.naturalWidth) return;
  card.classList.add("is-loading");
  const colours = coloursOf(card.dataset.placeholder);
  if (!colours) return;
  const blur = document.createElement("canvas");
  blur.className = "card-blur";
  blur.width = COLUMNS;
  blur.height = ROWS;
  blur.ariaHidden = "true";
  blur.getContext("2d").putImageData(new ImageData(colours, COLUMNS, ROWS), 0, 0);
  card.prepend(blur); // drawn large, the browser itself makes soft transitions of twelve colours
}

const COLUMNS = 4;
const ROWS = 3;

/** Twelve colours, three bytes each, in base64. */
function coloursOf(placeholder) {
  if (!placeholder) return null;
  try {
    const bytes = atob(placeholder);
    if (bytes.length !== COLUMNS * ROWS * 3) return null;
    const colours = new Uint8ClampedArray(COLUMNS * ROWS * 4).fill(255);
    for (let i = 0; i < bytes.length; i += 1) colours[i + Math.floor(i / 3)] = bytes.charCodeAt(i);
    return colours;
  } catch {
    return null;
  }
}

/** A picture came, or did not come: `load` and `error` do not bubble, so the wall listens on the way down. */
export function pictureArrived(event) {
  const card = event.target.closest?.(".card.is-loading");
  if (!card) return;
  card.classList.remove("is-loading");
  const blur = card.querySelector(".card-blur");
  if (blur) setTimeout(() => blur.remove(), 400);
}
