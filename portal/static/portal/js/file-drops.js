/**
 * The files that somebody drops or chooses, with the folders they lie in.
 *
 * Each is {file, name}: the name has the folders in it. Folders are read one after the other, because the browser hands
 * out their entries in portions and only while somebody asks.
 */

const HIDDEN = /(^|\/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(\/|$)/i;

/** Those of a file field, or of a folder field. */
export function chosenFiles(input) {
  return [...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name })).filter(isMeant);
}

/** Those of a drop. Call it while the event is being handled: afterwards the browser forgets what was dropped. */
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ file, name: file.name })).filter(isMeant);
  const found = [];
  const waiting = entries;
  while (waiting.length) {
    const entry = waiting.shift();
    if (entry.isDirectory) waiting.unshift(...(await entriesOf(entry)));
    else found.push({ file: await fileOf(entry), name: entry.fullPath.replace(/^\//, "") });
  }
  return found.filter(isMeant);
}

export const hasFiles = (event) => event.dataTransfer?.types?.includes("Files") ?? false;

const isMeant = ({ name }) => !HIDDEN.test(name);

const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

async function entriesOf(folder) {
  const reader = folder.createReader();
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return all;
    all.push(...some);
  }
}
