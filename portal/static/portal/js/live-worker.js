// A SharedWorker that holds one event stream for all tabs of the portal: a browser allows six connections to a
// host over HTTP/1.1, so with a stream in each, the seventh tab would not load.
import { EventLink } from "./event-link.js";

const ports = new Set();
let link;
let connected = false;

function tellAll(message) {
  for (const port of ports) port.postMessage(message);
}

function join(port, url) {
  ports.add(port);
  link ??= new EventLink(url, {
    onEvent: (data) => tellAll({ data }),
    onState(state) {
      connected = state;
      tellAll({ connected });
    },
  });
  link.open();
  port.postMessage({ connected });
}

function leave(port) {
  ports.delete(port);
  if (ports.size > 0) return;
  link?.close();
  connected = false;
}

self.addEventListener("connect", ({ ports: [port] }) => {
  port.addEventListener("message", ({ data }) => {
    if (data.join) join(port, data.join);
    else leave(port);
  });
  port.start();
});
