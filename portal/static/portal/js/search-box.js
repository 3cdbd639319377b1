// <search-box> inside a form that searches: suggests what could be written next, and searches while one writes.
//
//   data-suggestions        address that answers ?q=&at= with {start, end, unfinished,
//                           items: [{insert, label, hint, count, done}]}
//   data-none, data-some    what is said aloud about them; {count} is filled in
//   input[type=search], ul[role=listbox], [role=status]
// Arrow keys choose, Enter and Tab take what is chosen, Escape closes. Without scripts it is a search field.
// The form hears the event "look" when what is written is worth searching for.
// [data-search-help] near it opens its page in a dialog; details[data-facets] in the form fetch what there is to choose from.

const SUGGEST_AFTER = 120; // milliseconds without a key
const LOOK_AFTER = 350;

// The server counts characters, JavaScript counts halves of some.
const toServer = (text, place) => [...text.slice(0, place)].length;
const fromServer = (text, place) => [...text].slice(0, place).join("").length;

/** Is a name without its value, or a quote without its end, the last thing that is written? */
const isUnfinished = (text) => /[:：,，、]$/.test(text) || (text.match(/(?<!\\)["“”„‟＂]/g)?.length ?? 0) % 2 === 1;

class SearchBox extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input[type=search]");
    this.list = this.querySelector("[role=listbox]");
    this.status = this.querySelector("[role=status]");
    this.form = this.closest("form");
    if (!this.field || !this.list || !this.form) return;
    this.items = [];
    this.chosen = -1;
    const attributes = {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    };
    for (const [name, value] of Object.entries(attributes)) this.field.setAttribute(name, value);
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.field.addEventListener("input", (event) => this.written(event), { signal });
    this.field.addEventListener("compositionend", () => this.written(), { signal });
    this.field.addEventListener("click", () => this.suggestSoon(), { signal });
    this.field.addEventListener("keydown", (event) => this.pressed(event), { signal });
    this.field.addEventListener("blur", () => this.left(), { signal });
    // The field must not lose the focus to the list.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    this.list.addEventListener("click", (event) => this.clicked(event), { signal });
    this.form.addEventListener("submit", () => this.sent(), { signal });
    this.form.addEventListener("click", (event) => this.openHelp(event), { signal });
    for (const facets of this.form.querySelectorAll("details[data-facets]")) {
      facets.addEventListener("toggle", () => this.fetchFacets(facets), { signal });
    }
    this.looked = this.field.value;
  }

  disconnectedCallback() {
    this.stop?.abort();
    this.asking?.abort();
    clearTimeout(this.suggestTimer);
    clearTimeout(this.lookTimer);
  }

  written(event) {
    if (event?.isComposing) return;
    this.suggestSoon();
    this.lookSoon(LOOK_AFTER);
  }

  lookSoon(delay) {
    clearTimeout(this.lookTimer);
    this.lookTimer = setTimeout(() => {
      const text = this.field.value.trim();
      // What is still being written would be a mistake, and is none when it is done.
      if (text === this.looked || isUnfinished(text) || this.unfinished === this.field.value) return;
      this.looked = text;
      this.form.dispatchEvent(new CustomEvent("look", { bubbles: true }));
    }, delay);
  }

  suggestSoon() {
    clearTimeout(this.suggestTimer);
    this.suggestTimer = setTimeout(() => this.suggest(), SUGGEST_AFTER);
  }

  async suggest() {
    this.asking?.abort();
    this.asking = new AbortController();
    const text = this.field.value;
    const at = toServer(text, this.field.selectionEnd ?? text.length);
    const query = new URLSearchParams({ q: text, at: String(at) });
    try {
      const answer = await fetch(`${this.dataset.suggestions}?${query}`, { signal: this.asking.signal });
      if (!answer.ok) return this.close();
      const found = await answer.json();
      // An answer that comes late belongs to another text.
      if (text !== this.field.value || document.activeElement !== this.field) return;
      this.start = fromServer(text, found.start);
      this.end = fromServer(text, found.end);
      this.unfinished = found.unfinished ? text : undefined;
      this.show(found.items);
    } catch {
      // Searching works without suggestions.
    }
  }

  show(items) {
    this.items = items;
    this.chosen = -1;
    this.field.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...items.map((item, index) => this.row(item, index)));
    this.list.hidden = items.length === 0;
    this.field.setAttribute("aria-expanded", String(items.length > 0));
    const words = items.length ? this.dataset.some : this.dataset.none;
    if (this.status) this.status.textContent = words.replace("{count}", items.length);
  }

  row(item, index) {
    const row = document.createElement("li");
    row.id = `${this.list.id}-${index}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    for (const [name, text] of [["label", item.label], ["hint", item.hint], ["count", item.count]]) {
      if (!text) continue;
      const part = document.createElement("span");
      part.className = `suggestion-${name}`;
      part.textContent = text;
      row.append(part, " ");
    }
    return row;
  }

  get isOpen() {
    return !this.list.hidden;
  }

  close() {
    clearTimeout(this.suggestTimer);
    this.asking?.abort();
    this.list.hidden = true;
    this.chosen = -1;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
    if (this.status) this.status.textContent = "";
  }

  sent() {
    this.close();
    clearTimeout(this.lookTimer);
    this.looked = this.field.value.trim();
  }

  left() {
    this.close();
    this.unfinished = undefined;
    this.lookSoon(0);
  }

  choose(index) {
    this.chosen = index;
    [...this.list.children].forEach((row, place) => {
      row.setAttribute("aria-selected", String(place === index));
    });
    const row = this.list.children[index];
    if (row) this.field.setAttribute("aria-activedescendant", row.id);
    else this.field.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.isOpen) return this.suggestSoon();
      // One place more than there are suggestions: what one has written oneself.
      const places = this.items.length + 1;
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.choose(((this.chosen + 1 + step + places) % places) - 1);
    } else if ((event.key === "Enter" || event.key === "Tab") && this.isOpen && this.chosen >= 0) {
      event.preventDefault();
      this.take(this.items[this.chosen]);
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  clicked(event) {
    const row = event.target.closest("[role=option]");
    if (row) this.take(this.items[[...this.list.children].indexOf(row)]);
  }

  take(item) {
    const text = this.field.value;
    const rest = text.slice(this.end);
    const space = item.done && !rest.startsWith(" ") ? " " : "";
    const before = text.slice(0, this.start) + item.insert + space;
    this.field.value = before + rest;
    this.field.setSelectionRange(before.length, before.length);
    this.field.focus();
    this.close();
    if (item.done) this.lookSoon(0);
    else this.suggest();
  }

  async fetchFacets(facets) {
    const place = facets.querySelector("[data-facets-place]");
    if (!facets.open || !place) return;
    const query = new URLSearchParams({ q: this.field.value });
    const answer = await fetch(`${facets.dataset.facets}?${query}`, { headers: { "HX-Request": "true" } });
    if (answer.ok) place.innerHTML = await answer.text();
  }

  async openHelp(event) {
    const link = event.target.closest("[data-search-help]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const dialog = this.form.parentElement.querySelector("dialog[data-search-help-dialog]");
    const place = dialog?.querySelector("[data-search-help-place]");
    if (!place) return;
    event.preventDefault();
    if (!place.childElementCount) {
      const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
      if (!answer.ok) return location.assign(link.href);
      place.innerHTML = await answer.text();
    }
    dialog.showModal();
  }
}

customElements.define("search-box", SearchBox);
