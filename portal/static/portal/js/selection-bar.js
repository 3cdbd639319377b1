// <selection-bar action ask undo [compare] [export]>: what can be done with the selected pictures.
//
// It is hidden while nothing is selected. [data-do=kind] does it, [data-ask=kind] first fetches a form that asks which tag,
// collection or project. What was ordered is shown by <operations-dock>; the page hears
//   atelier:pictures-changed   {kind, uids}   on the document, uids is null when everything found was meant
// and whoever shows pictures may prevent it and change its wall by itself; else the wall is fetched again.
// Keys: Del throws away, Z takes back the last thing, also on pages of one picture.
import { onPictureKey, picturesMeant } from "./picture-keys.js";
import { selection } from "./selection.js";

const COMPARED = [2, 4]; // fewest and most

const csrfToken = () => JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}")["X-CSRFToken"] ?? "";

export const toast = (text, level = "error") =>
  document.dispatchEvent(new CustomEvent("atelier:toast", { detail: { text, level } }));

/** Post a form as htmx does; the text of the answer, or null after a refusal, which was said. */
async function post(url, body, failed) {
  let response;
  try {
    response = await fetch(url, { method: "POST", body, headers: { "HX-Request": "true", "X-CSRFToken": csrfToken() } });
  } catch {
    toast(failed);
    return null;
  }
  const text = await response.text();
  if (response.ok) return text;
  const isSentence = response.headers.get("content-type")?.startsWith("text/plain");
  toast(isSentence && text ? text : failed);
  return null;
}

/** What the selection is, as assets/forms/chosen.py reads it. */
export function chosenFields(chosen) {
  const fields = new FormData();
  if (chosen.uids) fields.set("uid", chosen.uids.join(","));
  else {
    fields.set("all", "1");
    fields.set("q", chosen.q ?? "");
    fields.set("up_to", chosen.up_to ?? "");
    fields.set("without", (chosen.without ?? []).join(","));
  }
  return fields;
}

class SelectionBar extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    selection.addEventListener("change", () => this.update(), { signal });
    this.addEventListener("click", (event) => this.onClick(event), { signal });
    this.addEventListener("submit", (event) => this.onSubmit(event), { signal });
    document.addEventListener("atelier:operation-ended", (event) => this.onEnded(event), { signal });
    this.keys = [
      onPictureKey("Delete", (uids) => this.trash(uids), { needs: "chosen" }),
      onPictureKey("z", () => this.undo(), { needs: "nothing" }),
      onPictureKey("Ctrl+z", () => this.undo(), { needs: "nothing" }),
    ];
    this.update();
  }

  disconnectedCallback() {
    this.stop.abort();
    for (const release of this.keys) release();
  }

  get dialog() {
    return this.querySelector("[data-ask-dialog]");
  }

  update() {
    this.hidden = selection.isEmpty;
    document.documentElement.toggleAttribute("data-selecting", !this.hidden);
    const { one, many, all, allCapped, everything } = this.dataset;
    const { size } = selection;
    const count = (words) => words.replace("{count}", size.toLocaleString(document.documentElement.lang));
    let words = everything;
    if (!selection.all) words = size === 1 ? one : count(many);
    else if (size !== null) words = count(selection.capped ? allCapped : all);
    this.querySelector("[data-count]").textContent = this.hidden ? "" : words;
    const compare = this.querySelector("[data-compare]");
    if (compare) compare.hidden = selection.all || size < COMPARED[0] || size > COMPARED[1];
  }

  onClick({ target }) {
    const button = target.closest("button");
    if (target === this.dialog || target.closest("[data-dismiss]")) return this.dialog.close();
    if (!button) return;
    button.closest("details[open]")?.removeAttribute("open");
    const { dataset } = button;
    if ("clear" in dataset) selection.clear();
    else if ("undo" in dataset) this.undo();
    else if ("compare" in dataset) this.compare();
    else if ("export" in dataset) this.export();
    else if (dataset.do) this.order(dataset.do);
    else if (dataset.ask) this.ask(dataset.ask);
  }

  /** Fetch the form that asks for what is needed. Another module may ask in its own way: it prevents the event. */
  async ask(kind) {
    const detail = { kind, chosen: selection.chosen() };
    if (!document.dispatchEvent(new CustomEvent("atelier:ask-operation", { detail, cancelable: true }))) return;
    const url = this.getAttribute("ask").replace("/kind/", `/${kind}/`);
    let response;
    try {
      response = await fetch(url, { headers: { "HX-Request": "true" } });
    } catch {
      return toast(this.dataset.failed);
    }
    const text = await response.text();
    if (!response.ok) return toast(text || this.dataset.failed);
    this.dialog.innerHTML = text;
    this.dialog.showModal();
  }

  onSubmit(event) {
    const form = event.target.closest("[data-kind]");
    if (!form || !this.dialog.contains(form)) return;
    event.preventDefault();
    this.dialog.close();
    this.order(form.dataset.kind, Object.fromEntries(new FormData(form)));
  }

  trash(uids) {
    // A picture shown large, or the one with the focus, may be meant while others are selected.
    const meant = uids.length ? uids : picturesMeant();
    this.order("trash", {}, meant.length ? { uids: meant } : selection.chosen());
  }

  /** Order it for the selected pictures, or for `chosen`. */
  async order(kind, more = {}, chosen = selection.chosen()) {
    if (this.busy) return;
    this.busy = true;
    this.setAttribute("aria-busy", "true");
    const body = chosenFields(chosen);
    body.set("kind", kind);
    for (const [name, value] of Object.entries(more)) body.set(name, value);
    const card = await post(this.getAttribute("action"), body, this.dataset.failed);
    this.busy = false;
    this.removeAttribute("aria-busy");
    if (card === null) return;
    if (chosen.uids) selection.remove(chosen.uids);
    else selection.clear();
    this.show(card, chosen.uids ?? null);
  }

  async undo() {
    if (this.busy) return;
    this.busy = true;
    const card = await post(this.getAttribute("undo"), new FormData(), this.dataset.failed);
    this.busy = false;
    if (card !== null) this.show(card, null);
  }

  show(card, uids) {
    document.dispatchEvent(new CustomEvent("atelier:ordered-card", { detail: { card, uids } }));
  }

  /** Something has changed pictures: let the wall show it. */
  onEnded({ detail }) {
    if (!detail.changes) return;
    const event = new CustomEvent("atelier:pictures-changed", { detail, cancelable: true });
    if (!document.dispatchEvent(event)) return;
    const found = document.getElementById("found");
    if (found) htmx.ajax("GET", location.pathname + location.search, { target: found, swap: "outerHTML", source: found });
  }

  compare() {
    const query = new URLSearchParams([...selection.ids].map((uid) => ["id", uid]));
    location.assign(`${this.getAttribute("compare")}?${query}`);
  }

  export() {
    const fields = chosenFields(selection.chosen());
    const detail = { fields, url: this.getAttribute("export") };
    const event = new CustomEvent("atelier:export", { detail, cancelable: true });
    if (!document.dispatchEvent(event)) return;
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: detail.url });
    fields.set("csrfmiddlewaretoken", csrfToken());
    for (const [name, value] of fields) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  }
}

customElements.define("selection-bar", SelectionBar);
