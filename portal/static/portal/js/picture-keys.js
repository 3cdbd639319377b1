/**
 * Keys that do something with pictures, on walls, on the page of a picture and while one is shown large.
 *
 *   onPictureKey("f", (uids, event) => …)                          run for the pictures that are meant
 *   onPictureKey("Delete", run, { needs: "chosen" })               can do it to everything found: asks selection.chosen()
 *   onPictureKey("a", run, { needs: "one" })                       only when exactly one picture is meant
 *   onPictureKey("Ctrl+z", run, { needs: "nothing" })              needs no picture; runs wherever keys may act
 *
 * Key names are those of KeyboardEvent.key, with "Ctrl+" (also Command) or "Shift+" before them; letters in lower case.
 * Which pictures are meant, as a list of uids: the one shown large in an open dialog, else the selected ones, else the
 * card with the focus, else the picture of the page. Shown large is what carries `data-large-picture="<uid>"`; a dialog
 * in which keys may act carries `data-picture-keys`. While somebody types, or another dialog or menu is open, nothing
 * happens. With everything found selected only "chosen" and "nothing" run. A handler returns false to leave the key to
 * the browser. `onPictureKey` returns a function that takes the key back.
 *
 * "?" opens the list of keys: templates/assets/_keys.html, a <dialog data-keys> with a row for each key. A row with
 * data-key="…" is shown while somebody listens to that key.
 */
import { selection } from "./selection.js";

const handlers = new Map(); // name -> list, the newest first

export function onPictureKey(key, run, { needs = "some" } = {}) {
  const name = key.toLowerCase();
  const handler = { run, needs };
  handlers.set(name, [handler, ...(handlers.get(name) ?? [])]);
  return () => handlers.set(name, handlers.get(name).filter((other) => other !== handler));
}

/** The dialog that shows a picture large, if one is open. */
const largeDialog = () => document.querySelector("dialog[open][data-picture-keys]");

/** The uids that a key means now. Empty while everything found is selected: see selection.chosen(). */
export function picturesMeant(target = document.activeElement) {
  const dialog = largeDialog();
  if (dialog) return uidsIn(dialog);
  if (selection.all) return [];
  if (selection.ids.size > 0) return [...selection.ids];
  const card = target?.closest?.("[data-uid]") ?? document.querySelector("picture-wall [data-uid]:focus-within");
  if (card) return [card.dataset.uid];
  return uidsIn(document);
}

function uidsIn(root) {
  const large = root.querySelector("[data-large-picture]") ?? root.closest?.("[data-large-picture]");
  return large ? [large.dataset.largePicture] : [];
}

/** May keys act on pictures now? Not while somebody writes, and not behind a dialog or menu of another kind. */
function mayAct(event) {
  if (event.isComposing || event.altKey) return false;
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return false;
  if (document.querySelector("[popover]:popover-open, details[data-menu][open]")) return false;
  const open = [...document.querySelectorAll("dialog[open]")];
  return open.every((dialog) => dialog.matches("[data-picture-keys]"));
}

/** Letters by what they are, whatever Caps Lock says; "?" however the keyboard makes it. */
function nameOf(event) {
  const key = event.key.toLowerCase();
  const isSign = key.length === 1 && key.toUpperCase() === key;
  return `${event.ctrlKey || event.metaKey ? "ctrl+" : ""}${event.shiftKey && !isSign ? "shift+" : ""}${key}`;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !event.key) return;
  const found = handlers.get(nameOf(event));
  if (!found?.length || !mayAct(event)) return;
  const uids = picturesMeant(event.target);
  const isEverything = selection.all && !largeDialog();
  for (const { run, needs } of found) {
    if (isEverything && needs !== "chosen" && needs !== "nothing") continue;
    if (needs === "one" && uids.length !== 1) continue;
    if ((needs === "some" || needs === "chosen") && !uids.length && !isEverything) continue;
    if (run(uids, event) === false) continue;
    event.preventDefault();
    return;
  }
});

const listOfKeys = () => document.querySelector("dialog[data-keys]");

/** Show the list of keys, with those that somebody listens to. */
export function showKeys() {
  const dialog = listOfKeys();
  if (!dialog || dialog.open) return;
  for (const row of dialog.querySelectorAll("[data-key]")) {
    row.hidden = !row.dataset.key.split(" ").some((name) => handlers.get(name.toLowerCase())?.length);
  }
  for (const group of dialog.querySelectorAll("[data-keys-group]")) {
    const { keysNeeds } = group.dataset;
    const isPossible = !keysNeeds || document.querySelector(keysNeeds);
    group.hidden = !isPossible || !group.querySelector("[data-keys-row]:not([hidden])");
  }
  dialog.showModal();
}

onPictureKey("?", () => (listOfKeys() ? showKeys() : false), { needs: "nothing" });

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-keys]")) showKeys();
});
