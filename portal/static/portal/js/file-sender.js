/**
 * Sends files to an import in pieces, and goes on where it stopped.
 *
 *   const sender = new FileSender({ begin, csrf, signal, progress, waiting });
 *   const page = await sender.send(files);      // where the import is shown
 *
 * Files are taken by the hundred: hashed where the browser can, compared with what has arrived, and what is missing is sent.
 * Small files share a request, large ones need several. A request that fails for want of a connection is tried again
 * until there is one; a refusal throws `Refused` with the sentence of the server.
 */

const LARGEST_HASHED = 64 * 1024 * 1024;
const MOST_IN_A_REQUEST = 16;
const RETRIES = [1, 2, 4, 8, 15, 30, 30, 30, 30, 30]; // seconds
const BUSY = new Set([429, 502, 503, 504]);

export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

export class FileSender {
  constructor({ begin, csrf, signal, progress, waiting }) {
    Object.assign(this, { begin, csrf, signal, progress, waiting });
    this.sent = { files: 0, bytes: 0 };
  }

  async send(files) {
    this.all = { files: files.length, bytes: files.reduce((sum, { file }) => sum + file.size, 0) };
    this.place = await this.post(this.begin, new FormData());
    for (let start = 0; start < files.length; start += this.place.most_at_once) {
      await this.sendSome(files.slice(start, start + this.place.most_at_once));
    }
    const { page } = await this.post(this.place.order, new FormData());
    return page;
  }

  async sendSome(files) {
    const described = [];
    for (const [at, { file, name }] of files.entries()) {
      this.progress({ looking: this.sent.files + at + 1, ...this.numbers });
      described.push({ name, size: file.size, modified: file.lastModified || 0, sha256: await hashOf(file) });
      this.signal.throwIfAborted();
    }
    const { received } = await this.post(this.place.compare, formOf(described));
    let request = { pieces: [], bytes: 0 };
    for (const [at, { file }] of files.entries()) {
      let offset = received[at];
      this.sent.bytes += offset;
      while (offset < file.size) {
        const blob = file.slice(offset, offset + this.place.piece_bytes);
        if (request.bytes + blob.size > this.place.piece_bytes || request.pieces.length === MOST_IN_A_REQUEST) {
          await this.sendPieces(request.pieces);
          request = { pieces: [], bytes: 0 };
        }
        request.pieces.push({ about: { ...described[at], offset }, blob });
        request.bytes += blob.size;
        offset += blob.size;
      }
      if (!request.pieces.length) this.sent.files += 1;
      else request.pieces.at(-1).ends = (request.pieces.at(-1).ends ?? 0) + 1;
      this.progress(this.numbers);
    }
    if (request.pieces.length) await this.sendPieces(request.pieces);
  }

  async sendPieces(pieces) {
    const form = formOf(pieces.map(({ about }) => about));
    for (const { blob } of pieces) form.append("piece", blob, "piece");
    await this.post(this.place.pieces, form);
    for (const { blob, ends = 0 } of pieces) {
      this.sent.bytes += blob.size;
      this.sent.files += ends;
    }
    this.progress(this.numbers);
  }

  get numbers() {
    return { sent: this.sent, all: this.all };
  }

  async post(address, body) {
    for (let tries = 0; ; tries += 1) {
      const answer = await this.attempt(address, body);
      if (answer?.ok) return answer.json();
      if (answer && !BUSY.has(answer.status)) throw await refusalOf(answer);
      if (tries === RETRIES.length) throw new Refused("", 0);
      this.waiting(true);
      const asked = Number(answer?.headers.get("Retry-After")) || 0;
      await pause(Math.max(asked, RETRIES[tries]), this.signal);
      this.waiting(false);
    }
  }

  /** The answer, or nothing when the network is away. */
  async attempt(address, body) {
    try {
      const headers = { "X-CSRFToken": this.csrf, "HX-Request": "true", Accept: "application/json" };
      return await fetch(address, { method: "POST", body, headers, signal: this.signal, redirect: "manual" });
    } catch (error) {
      if (this.signal.aborted) throw error;
      return null;
    }
  }
}

function formOf(described) {
  const form = new FormData();
  form.append("about", JSON.stringify(described));
  return form;
}

/** Refusals are sentences in plain text, or JSON with one; a proxy's page has no words for us. */
async function refusalOf(answer) {
  const type = answer.headers.get("content-type") ?? "";
  if (type.startsWith("application/json")) return new Refused((await answer.json()).sentence ?? "", answer.status);
  return new Refused(type.startsWith("text/plain") ? await answer.text() : "", answer.status);
}

/** Only a page that came over HTTPS, or from this machine, may compute hashes; the server does without. */
async function hashOf(file) {
  if (!globalThis.crypto?.subtle || file.size > LARGEST_HASHED) return "";
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
