// <import-drop>: files that are dropped anywhere on the page, or chosen, are sent to an import; then its page is shown.
//
//   data-begin, data-csrf                  where an import is opened, and the token for posting
//   data-looking, -sending, -waiting, …    what is said meanwhile, with {done}, {all} and {bytes}
//   [data-files], [data-folder]            the two fields; [data-needs-script] and [data-without-script] trade places
//   [data-sending-part]                    shown while files are sent: [data-words], [data-percent], progress, [data-stop]
//
// On a wall, where it stands hidden, it shows itself once files are dragged over the page.
import { chosenFiles, droppedFiles, hasFiles } from "./file-drops.js";
import { FileSender, Refused } from "./file-sender.js";

const UNITS = ["B", "kB", "MB", "GB"];

class ImportDrop extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    for (const part of this.querySelectorAll("[data-needs-script]")) part.hidden = false;
    for (const part of this.querySelectorAll("[data-without-script]")) part.hidden = true;
    for (const input of this.querySelectorAll("[data-files], [data-folder]")) {
      input.addEventListener("change", () => this.start(chosenFiles(input), input), { signal });
    }
    this.querySelector("[data-stop]").addEventListener("click", () => this.sending?.abort(), { signal });
    addEventListener("dragover", (event) => this.over(event), { signal });
    addEventListener("dragleave", (event) => event.relatedTarget || this.mark(false), { signal });
    addEventListener("drop", (event) => this.dropped(event), { signal });
    addEventListener("beforeunload", (event) => this.sending && event.preventDefault(), { signal });
  }

  disconnectedCallback() {
    this.stop.abort();
    this.sending?.abort();
  }

  over(event) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = this.sending ? "none" : "copy";
    this.mark(!this.sending);
  }

  mark(isOver) {
    this.classList.toggle("is-over", isOver);
  }

  async dropped(event) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    this.mark(false);
    if (!this.sending) this.start(await droppedFiles(event.dataTransfer));
  }

  async start(files, input) {
    if (this.sending) return;
    if (!files.length) {
      this.say(this.dataset.empty);
      return;
    }
    this.sending = new AbortController();
    this.classList.add("is-sending");
    this.part.hidden = false;
    try {
      const page = await new FileSender({
        begin: this.dataset.begin,
        csrf: this.dataset.csrf,
        signal: this.sending.signal,
        progress: (numbers) => this.show(numbers),
        waiting: (isWaiting) => isWaiting && this.tell(this.dataset.waiting),
      }).send(files);
      this.tell(this.dataset.finishing);
      this.sending = null;
      location.assign(page);
    } catch (error) {
      this.failed(error);
    } finally {
      if (input) input.value = "";
    }
  }

  failed(error) {
    const stopped = this.sending?.signal.aborted;
    this.sending = null;
    this.classList.remove("is-sending");
    this.part.hidden = true;
    if (!this.isConnected) return;
    if (stopped) this.say(this.dataset.stopped, "info");
    else this.say((error instanceof Refused && error.message) || this.dataset.failed);
  }

  get part() {
    return this.querySelector("[data-sending-part]");
  }

  show({ looking, sent, all }) {
    const share = all.bytes ? sent.bytes / all.bytes : sent.files / all.files;
    this.part.querySelector("progress").value = share * 100;
    this.part.querySelector("[data-percent]").textContent = `${Math.floor(share * 100)} %`;
    const words = looking ? this.dataset.looking : this.dataset.sending;
    const bytes = `${inUnits(sent.bytes)} / ${inUnits(all.bytes)}`;
    const done = (looking ?? sent.files).toLocaleString();
    this.tell(words.replace("{done}", done).replace("{all}", all.files.toLocaleString()).replace("{bytes}", bytes));
  }

  tell(words) {
    this.part.querySelector("[data-words]").textContent = words;
  }

  say(text, level = "error") {
    document.dispatchEvent(new CustomEvent("atelier:toast", { detail: { text, level } }));
  }
}

function inUnits(bytes) {
  let unit = 0;
  let number = bytes;
  while (number >= 1000 && unit < UNITS.length - 1) {
    number /= 1000;
    unit += 1;
  }
  return `${number.toLocaleString(undefined, { maximumFractionDigits: number < 10 && unit ? 1 : 0 })} ${UNITS[unit]}`;
}

customElements.define("import-drop", ImportDrop);
