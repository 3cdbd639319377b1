/**
 * Where every picture of a wall stands: arithmetic only, so that thousands are laid out in a few milliseconds and
 * without asking the browser anything.
 *
 *   layOut(items, {width, row, gap, columns, header, anchor, atTop, atEnd})  ->  {sections, rows, height}
 *
 * `items` have `ratio` (width through height) and `day`. Rows are justified around the wished height `row`, or squares in
 * `columns`. With `header` (its height) the wall is divided by days; days too small for a row and a half share a header.
 *
 * Parts are added at both ends while somebody looks at the middle, so what stands must stay: rows are broken downwards
 * below the item `anchor` and upwards above it, and only the rows at a growing end change. An end is final when a section
 * follows, or when the wall ends there (`atTop`, `atEnd`); then its last rows are balanced, so that none is too high.
 * The very last row of the wall is left ragged.
 */
const ENOUGH_ROWS = 1.4; // that many rows deserve a header of their own
const TALLEST = 1.5; // of the wished height; a row that would be taller stays ragged
const BALANCED = 3; // rows at the end of a section that share what is left

export function layOut(items, options) {
  const { gap, header } = options;
  const sections = [];
  const rows = [];
  let top = 0;
  for (const [from, to] of sectionsOf(items, options)) {
    const section = { from, to, top, newest: items[from].day, oldest: items[to - 1].day, rows: [], header };
    let y = top + header;
    for (const row of rowsOf(items, from, to, options)) {
      row.top = y;
      row.section = section;
      section.rows.push(row);
      rows.push(row);
      y += row.height + gap;
    }
    section.height = y - top;
    sections.push(section);
    top = y;
  }
  return { sections, rows, height: top };
}

/** Pairs [from, to): runs of whole days, each with enough pictures, as far as there are enough. */
function sectionsOf(items, { width, row, columns, header, anchor }) {
  if (items.length === 0) return [];
  if (!header) return [[0, items.length]];
  const enough = columns ? columns * ENOUGH_ROWS : (ENOUGH_ROWS * width) / row;
  const weight = ({ ratio }) => (columns ? 1 : ratio);
  let start = anchor;
  while (start > 0 && items[start - 1].day === items[anchor].day) start -= 1;
  const sections = [];
  let from = start;
  let total = 0;
  for (let i = start; i < items.length; i += 1) {
    total += weight(items[i]);
    const isDone = i + 1 === items.length || (total >= enough && items[i + 1].day !== items[i].day);
    if (!isDone) continue;
    sections.push([from, i + 1]);
    from = i + 1;
    total = 0;
  }
  let to = start;
  for (let i = start - 1; i >= 0; i -= 1) {
    total += weight(items[i]);
    const isDone = i === 0 || (total >= enough && items[i - 1].day !== items[i].day);
    if (!isDone) continue;
    sections.unshift([i, to]);
    to = i;
    total = 0;
  }
  return sections;
}

function rowsOf(items, from, to, options) {
  const { columns, width, gap, anchor, atTop, atEnd } = options;
  if (columns) return squares(from, to, columns, (width - (columns - 1) * gap) / columns, gap);
  const isLast = to === items.length;
  const sizes = { ...options, items };
  const middle = Math.min(Math.max(anchor, from), to);
  const rows = [];
  if (from < middle) {
    const isFinal = from > 0 || atTop;
    rows.push(...broken(from, middle, { ...sizes, isFinal, isUp: true }));
  }
  if (middle < to) {
    // The end of the wall is ragged, and so is, for a moment, an end at which more is about to come.
    rows.push(...broken(middle, to, { ...sizes, isFinal: !isLast, isUp: false }));
  }
  if (isLast && atEnd) rows.at(-1).isLast = true;
  return rows;
}

function squares(from, to, columns, side, gap) {
  const rows = [];
  for (let at = from; at < to; at += columns) {
    const end = Math.min(at + columns, to);
    rows.push({ from: at, to: end, height: side, width: (end - at) * (side + gap) - gap });
  }
  return rows;
}

/** Rows of items[from, to). What is left at the growing end becomes a row of its own, or is balanced into the last ones. */
function broken(from, to, { items, width, row, gap, isFinal, isUp }) {
  const ratioAt = (step) => items[isUp ? to - 1 - step : from + step].ratio;
  const count = to - from;
  const heightOf = (sum, n) => (width - (n - 1) * gap) / sum;
  const ends = []; // steps at which rows end
  let start = 0;
  let sum = 0;
  for (let i = 0; i < count; i += 1) {
    const n = i - start + 1;
    const lower = heightOf(sum + ratioAt(i), n);
    if (lower > row) {
      sum += ratioAt(i);
      continue;
    }
    // One more makes the row too low, without it it is too high: whichever is closer.
    const higher = n > 1 ? heightOf(sum, n - 1) : Infinity;
    if (higher / row < row / lower) {
      ends.push(i);
      start = i;
      i -= 1;
    } else {
      ends.push(i + 1);
      start = i + 1;
    }
    sum = 0;
  }
  if (start < count) {
    if (isFinal) balance(ends, count, { ratioAt, heightOf, row });
    else ends.push(count);
  }
  let before = 0;
  const rows = ends.map((end) => {
    let ratios = 0;
    for (let i = before; i < end; i += 1) ratios += ratioAt(i);
    const full = heightOf(ratios, end - before);
    const isRagged = end === count && !isFinal && full > row;
    const height = isRagged ? row : Math.min(full, row * TALLEST);
    const made = isUp ? { from: to - end, to: to - before } : { from: from + before, to: from + end };
    before = end;
    return { ...made, height, width: full > height ? ratios * height + (made.to - made.from - 1) * gap : width };
  });
  return isUp ? rows.reverse() : rows;
}

/** Break the last rows and what is left anew, so that their heights differ least from the wished one. */
function balance(ends, count, { ratioAt, heightOf, row }) {
  const first = ends.length > BALANCED ? ends[ends.length - BALANCED - 1] : 0;
  while (ends.length && ends.at(-1) > first) ends.pop();
  const best = [0]; // best[k]: the least cost of rows that end at step first + k
  const cuts = [0];
  for (let k = 1; k <= count - first; k += 1) {
    best[k] = Infinity;
    let sum = 0;
    for (let j = k - 1; j >= 0; j -= 1) {
      sum += ratioAt(first + j);
      const height = heightOf(sum, k - j);
      if (height < row / 3 && k - j > 1) break;
      const cost = best[j] + Math.log(height / row) ** 2;
      if (cost < best[k]) [best[k], cuts[k]] = [cost, j];
    }
  }
  const found = [];
  for (let k = count - first; k > 0; k = cuts[k]) found.unshift(first + k);
  ends.push(...found);
}
