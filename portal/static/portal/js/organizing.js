// <organize-keys>: F stars, 1 to 5 rate (0 takes the rating back), T tags and C collects the pictures that are meant; Z
// takes the last of it back.
//
// T and C open the dialogs of templates/assets/_organize_dialogs.html. Many pictures, or everything that was found, are
// left to the bar of actions (<selection-bar>), whose work runs in the background.
import { onPictureKey } from "./picture-keys.js";
import { mark, shownMarks } from "./picture-marks.js";
import { post, toast } from "./posting.js";

const MOST_AT_ONCE = 500; // as assets/forms/organizing.py

class OrganizeKeys extends HTMLElement {
  connectedCallback() {
    const listen = [
      onPictureKey("f", (uids) => this.star(uids)),
      ...["0", "1", "2", "3", "4", "5"].map((digit) => onPictureKey(digit, (uids) => this.rate(uids, Number(digit)))),
    ];
    const tagDialog = document.querySelector("dialog[data-tag-dialog]");
    const collectionDialog = document.querySelector("dialog[data-collection-dialog]");
    if (tagDialog) {
      this.tagging = new Tagging(tagDialog, this.dataset, (undo) => (this.undo = undo));
      listen.push(onPictureKey("t", (uids) => this.ask("tag", this.tagging, uids), { needs: "chosen" }));
    }
    if (collectionDialog) {
      this.collecting = new Collecting(collectionDialog, this.dataset, (undo) => (this.undo = undo));
      listen.push(onPictureKey("c", (uids) => this.ask("collect", this.collecting, uids), { needs: "chosen" }));
    }
    listen.push(onPictureKey("z", () => this.takeBack(), { needs: "nothing" }));
    this.listen = listen;
    this.stop = new AbortController();
    // What was ordered after that is what Z means then; the bar of actions takes it back.
    document.addEventListener("atelier:ordered-card", () => (this.undo = null), { signal: this.stop.signal });
    document.addEventListener("click", (event) => this.clicked(event), { signal: this.stop.signal });
  }

  disconnectedCallback() {
    this.stop?.abort();
    for (const forget of this.listen ?? []) forget();
  }

  clicked(event) {
    const button = event.target.closest?.("[data-collect]");
    if (button && this.collecting) this.collecting.open([button.dataset.collect]);
  }

  /** Without pictures by name everything found is meant. */
  ask(what, dialog, uids) {
    if (uids.length && uids.length <= MOST_AT_ONCE) return dialog.open(uids);
    const button = document.querySelector(`selection-bar [data-ask="${what}"]`);
    button?.click();
    return Boolean(button);
  }

  /** Pictures that are all starred lose the star; otherwise all of them have it afterwards. */
  star(uids) {
    const starred = !uids.every((uid) => shownMarks(uid).starred);
    this.mark(uids, { starred }, starred ? this.dataset.starred : this.dataset.unstarred);
  }

  rate(uids, rating) {
    this.mark(uids, { rating }, rating ? this.dataset.rated.replace("{rating}", rating) : this.dataset.unrated);
  }

  /** Z takes back what a key of this module did last; false leaves the key to others. */
  takeBack() {
    const { undo } = this;
    this.undo = null;
    if (!undo) return false;
    undo()
      .then(() => toast(this.dataset.undone))
      .catch((error) => toast(error.message, "error"))
      .finally(() => document.dispatchEvent(new CustomEvent("atelier:organized")));
    return true;
  }

  /** Pictures that were marked alike go back together. */
  async unmark(before, name) {
    const alike = groupBy(before, ([, was]) => was[name]);
    for (const [value, several] of alike) {
      await mark(this.dataset.marks, several.map(([uid]) => uid), { [name]: value }, this.dataset.failed);
    }
  }

  async mark(uids, change, words) {
    const { marks, failed, many } = this.dataset;
    const before = uids.map((uid) => [uid, shownMarks(uid)]);
    const [name] = Object.keys(change);
    for (let start = 0; start < uids.length; start += MOST_AT_ONCE) {
      if (!(await mark(marks, uids.slice(start, start + MOST_AT_ONCE), change, failed))) return;
    }
    this.undo = () => this.unmark(before, name);
    // A single picture shows by itself how it is marked.
    if (uids.length > 1) toast(many.replace("{count}", uids.length).replace("{what}", words));
  }
}

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const each of list) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}

/** A dialog whose form is posted for some pictures; a refusal is said inside it. */
class ForPictures {
  constructor(dialog, words, canUndo) {
    Object.assign(this, { dialog, words, canUndo, form: dialog.querySelector("form"), uids: [] });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(event.submitter);
    });
  }

  open(uids) {
    this.uids = uids;
    const title = this.dialog.querySelector("h2");
    title.textContent = uids.length > 1 ? title.dataset.many.replace("{count}", uids.length) : title.dataset.one;
    this.form.reset();
    this.say("");
    if (!this.dialog.open) this.dialog.showModal();
  }

  say(sentence) {
    const place = this.dialog.querySelector("[data-error]");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  async post(name, value) {
    let answer;
    try {
      answer = await post(this.form.action, [...this.uids.map((uid) => ["uid", uid]), [name, value]], this.words.failed);
    } catch (error) {
      this.say(error.message);
      return null;
    }
    this.dialog.close();
    document.dispatchEvent(new CustomEvent("atelier:organized"));
    return answer;
  }
}

class Tagging extends ForPictures {
  constructor(dialog, words, canUndo) {
    super(dialog, words, canUndo);
    dialog.querySelector("[data-take-off]").addEventListener("click", () => this.send("remove"));
  }

  open(uids) {
    super.open(uids);
    this.form.elements.namedItem("add").focus();
  }

  async send(what) {
    const answer = await this.post(what === "remove" ? what : "add", this.form.elements.namedItem("add").value);
    if (!answer) return;
    toast(answer.sentence);
    const { action } = this.form;
    this.canUndo(async () => {
      for (const { uids, ...change } of answer.undo) {
        const pairs = [...uids.map((uid) => ["uid", uid]), ...Object.entries(change), ["undoing", "1"]];
        await post(action, pairs, this.words.failed);
      }
    });
  }
}

class Collecting extends ForPictures {
  constructor(dialog, words, canUndo) {
    super(dialog, words, canUndo);
    this.filter = dialog.querySelector("[data-filter]");
    this.list = dialog.querySelector("[data-list]");
    this.fresh = dialog.querySelector("[data-new]");
    this.filter.addEventListener("input", () => this.narrow());
    this.filter.addEventListener("keydown", (event) => this.walk(event));
    this.list.addEventListener("keydown", (event) => this.walk(event));
  }

  async open(uids) {
    super.open(uids);
    this.narrow();
    this.filter.focus();
    try {
      const response = await fetch(this.form.dataset.choices, { headers: { "HX-Request": "true" } });
      if (!response.ok) throw new Error(response.statusText);
      this.list.innerHTML = await response.text();
      this.narrow();
    } catch {
      this.say(this.words.failed);
    }
  }

  get choices() {
    return [...this.list.querySelectorAll("[data-name]")];
  }

  /** Show what fits the words; a name that no collection has can become a new one. */
  narrow() {
    const written = this.filter.value.trim();
    const wanted = written.toLocaleLowerCase();
    let isThere = false;
    for (const choice of this.choices) {
      const name = choice.dataset.name.toLocaleLowerCase();
      choice.hidden = !name.includes(wanted);
      isThere ||= name === wanted;
    }
    this.fresh.hidden = !written || isThere;
    const words = this.fresh.querySelector("[data-words]");
    words.textContent = words.dataset.words.replace("{name}", written);
  }

  /** Up and down from the field through what is shown; Enter in the field takes the first. */
  walk(event) {
    const shown = [...this.choices.filter((choice) => !choice.hidden), ...(this.fresh.hidden ? [] : [this.fresh])];
    const at = shown.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = shown[at + (event.key === "ArrowDown" ? 1 : -1)] ?? (event.key === "ArrowUp" ? this.filter : null);
      if (!next) return;
      event.preventDefault();
      next.focus();
    } else if (event.key === "Enter" && event.target === this.filter && !event.isComposing) {
      event.preventDefault();
      if (shown.length && this.filter.value.trim()) this.form.requestSubmit(shown[0]);
    }
  }

  async send(submitter) {
    const isNew = !submitter || submitter === this.fresh;
    const said = isNew ? ["name", this.filter.value.trim()] : ["collection", submitter.value];
    const answer = await this.post(...said);
    if (!answer) return;
    toast(answer.sentence, "success", { url: answer.url, action: this.words.show });
    const pairs = answer.added.map((uid) => ["uid", uid]);
    if (pairs.length) this.canUndo(() => post(answer.remove_url, pairs, this.words.failed));
  }
}

customElements.define("organize-keys", OrganizeKeys);
