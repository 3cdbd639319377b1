/**
 * One EventSource that never gives up. Calls onEvent(data) for each event with parsed JSON, and onState(connected).
 *
 * The browser's own reconnection comes at a fixed interval and stops after an HTTP error; after a restart of the
 * server every tab would come at once. So each failure closes the stream and waits longer, with jitter.
 */
export class EventLink {
  constructor(url, { onEvent, onState }) {
    Object.assign(this, { url, onEvent, onState, failures: 0 });
  }

  open() {
    if (this.source || this.timer) return;
    const source = new EventSource(this.url);
    this.source = source;
    source.addEventListener("open", () => {
      this.failures = 0;
      this.onState(true);
    });
    source.addEventListener("error", () => {
      this.close();
      this.onState(false);
      const wait = Math.min(30, 2 ** this.failures++) * (0.5 + Math.random());
      this.timer = setTimeout(() => {
        this.timer = null;
        this.open();
      }, wait * 1000);
    });
    // The type is in the JSON; whether the server also names its events makes no difference.
    for (const name of ["message", "step", "job", "queue", "review", "arrived", "comment", "operation", "access"]) {
      source.addEventListener(name, (event) => this.onEvent(JSON.parse(event.data)));
    }
  }

  close() {
    clearTimeout(this.timer);
    this.timer = null;
    this.source?.close();
    this.source = null;
  }
}
