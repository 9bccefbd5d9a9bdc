/**
 * Where tables without vertical rules may lie. In: chunks and edges; out: bands, each a set of chunks: between
 * horizontal rules of one length, and runs of text rows with several chunks.
 */
import { union } from "../../geometry.ts";
import { type Chunk, medianSize, type TextRow, textRowsOf } from "./chunks.ts";
import type { Edge } from "./edges.ts";
import { snap } from "./edges.ts";

export interface Band {
  chunks: Chunk[];
  /** Horizontal edges within it, its borders included. */
  rules: Edge[];
  /** It begins and ends with a rule. */
  framed: boolean;
}

export const CAPTION =
  /^(?:table|tab\.|figure|fig\.|tabelle|abbildung|abb\.|tableau|tabla|figura|tabella|tabel|таблица|рис(?:унок|\.)|box|chart|exhibit)\s*[A-Z]?[\dIVX]/iu;
/** Rules whose ends differ by less are of one length; pieces of a rule are so far apart at most; both in type sizes. */
const SAME_END = 0.8;
const PIECES = 2;
/** A rule shorter than this, in type sizes, frames nothing. */
const SHORTEST = 4;
/** Nothing between two rules but white of this height: two tables. */
const EMPTY = 1.2;
/** White of this height between a rule and the text beside it, in type sizes: the rule ends one table or begins the next. */
const OFF_RULE = 3;
/** Running text: rows of one chunk over this share of the band's width, so many in a row. */
const PROSE = { width: 0.75, rows: 3 } as const;
const PROSE_BETWEEN = { width: 0.6, words: 6 } as const;
/** In type sizes. */
const SENTENCE_BLANK = 1.1;
/** Words of a line that is no section's name. */
const SENTENCE = 11;
const SHORT_SENTENCE = 6;
/** White over so many times the usual pitch, and so many type sizes, parts tables (LAYOUT 1.10). */
const APART = { pitch: 1.9, size: 2 } as const;
/** A line over a table that has this share of its cells is its header. */
const NAMED = 0.75;
/** A header's baseline is so near over the rule under it, in type sizes: what is farther is another table, or text. */
const HEAD_OVER = 1.8;
/** Rows of a table are at most so far apart, in type sizes: a browser's padding and leading together come to 3.2. */
export const FARTHEST = 4;
/** The wrapped rest of a cell is nearer than this, in type sizes, or as near as the rows before it are to each other. */
const HANGS = { size: 2, pitch: 1.15 } as const;
/** Lines of one cell under another stand at one edge, give or take this, in type sizes. */
const SAME_EDGE = 0.6;

export function ruledBands(chunks: readonly Chunk[], horizontal: readonly Edge[], size: number): Band[] {
  const bands: Band[] = [];
  for (const rules of rulesOfOneLength(horizontal, size)) {
    let top = 0;
    for (let i = 1; i <= rules.length; i++) {
      const open = i < rules.length && goesOn(chunks, rules[i - 1]!, rules[i]!, size);
      if (open) continue;
      if (i - 1 > top) bands.push(bandBetween(chunks, horizontal, rules[top]!, rules[i - 1]!, size));
      top = i;
    }
  }
  return bands.filter((band) => band.chunks.length > 0).flatMap((band) => withHead(band, chunks, size));
}

/** Where rules stand under rows only, the header is above the first: with it, and without where it names fewer columns. */
function withHead(band: Band, chunks: readonly Chunk[], size: number): Band[] {
  const [top] = band.rules.toSorted((a, b) => a.at - b.at);
  if (top === undefined) return [];
  const above = { ...top, at: top.at - FARTHEST * size };
  const rows = textRowsOf(within(chunks, above, top, size)).reverse();
  const head: TextRow[] = [];
  for (const row of rows) {
    const below = head.at(-1);
    const far =
      below === undefined
        ? top.at - row.baseline > HEAD_OVER * size
        : below.baseline - row.baseline > HANGS.size * size;
    if (row.chunks.length < 2 || far) break;
    head.push(row);
  }
  if (head.length === 0) return [band];
  const named = Math.max(...head.map((row) => row.chunks.length));
  const most = Math.max(...textRowsOf(band.chunks).map((row) => row.chunks.length));
  const whole = { ...band, chunks: [...head.flatMap((row) => row.chunks), ...band.chunks] };
  if (named >= NAMED * most) return [whole];
  // Above a shade only a header: the shade is where the table begins.
  return top.drawn ? [band, whole] : [band];
}

function rulesOfOneLength(horizontal: readonly Edge[], size: number): Edge[][] {
  const whole = wholeRules(horizontal, size).filter((rule) => rule.to - rule.from >= SHORTEST * size);
  const sets: Edge[][] = [];
  for (const rule of whole) {
    const set = sets.find(
      ([first]) =>
        Math.abs(first!.from - rule.from) < SAME_END * size && Math.abs(first!.to - rule.to) < SAME_END * size,
    );
    if (set === undefined) sets.push([rule]);
    else set.push(rule);
  }
  return sets.filter((set) => set.length > 1);
}

/** Pieces at one height with little white between are one rule; top to bottom. */
function wholeRules(horizontal: readonly Edge[], size: number): Edge[] {
  const heights = snap(
    horizontal.map((edge) => edge.at),
    0.15 * size,
  );
  return heights.flatMap((at) => {
    const pieces = horizontal.filter((edge) => Math.abs(edge.at - at) <= 0.3 * size).sort((a, b) => a.from - b.from);
    const rules: Edge[] = [];
    for (const piece of pieces) {
      const last = rules.at(-1);
      if (last !== undefined && piece.from - last.to <= PIECES * size) last.to = Math.max(last.to, piece.to);
      else rules.push({ ...piece, at });
    }
    return rules;
  });
}

/** Between two rules of one table there are rows of cells, or a single line. */
function goesOn(chunks: readonly Chunk[], above: Edge, below: Edge, size: number): boolean {
  const inside = within(chunks, above, below, size);
  if (inside.length === 0) return below.at - above.at < EMPTY * size;
  const rows = textRowsOf(inside).map(withSentences);
  const white = Math.max(rows[0]!.box[1] - above.at, below.at - rows.at(-1)!.box[3]);
  if (white > OFF_RULE * size) return false;
  if (rows.some((row) => row.chunks.length === 1 && CAPTION.test(row.chunks[0]!.text))) return false;
  if (rows.every((row) => row.chunks.length === 1) && readsLikeProse(rows, above)) return false;
  if (rows.some((row) => row.chunks.length === 1 && isSentence(row.chunks[0]!.text) && readsLikeProse([row], above)))
    return false;
  if (holdsParagraph(rows, above)) return false;
  return rows.every((row, i) => i === 0 || row.baseline - rows[i - 1]!.baseline < 2 * FARTHEST * size);
}

/** Lines of running text, one under the other: several across the width, or one and what ends its sentences. */
function holdsParagraph(rows: readonly TextRow[], rule: Edge): boolean {
  let [wide, text] = [0, ""];
  for (const { chunks, box } of rows) {
    if (chunks.length > 1) {
      [wide, text] = [0, ""];
      continue;
    }
    if (box[2] - box[0] > PROSE.width * (rule.to - rule.from)) wide++;
    else if (text === "") continue;
    text += ` ${chunks[0]!.text}`;
    const told =
      / \p{L}+\.(?: |$)/u.test(text) && text.split(" ").length > SENTENCE && text.length > chunks[0]!.text.length + 1;
    if (wide >= PROSE.rows || told) return true;
  }
  return false;
}

/** The blank after a sentence is stretched more than others: it parts no cells. */
function withSentences(row: TextRow): TextRow {
  const chunks: Chunk[] = [];
  for (const chunk of row.chunks) {
    const last = chunks.at(-1);
    const within =
      last !== undefined && /\p{Ll}[.?!]$/u.test(last.text) && chunk.box[0] - last.box[2] < SENTENCE_BLANK * row.size;
    if (!within) chunks.push(chunk);
    else {
      const text = `${last.text} ${chunk.text}`;
      chunks[chunks.length - 1] = { ...last, to: chunk.to, box: union(last.box, chunk.box), text };
    }
  }
  return { ...row, chunks };
}

function isSentence(text: string): boolean {
  const words = text.split(" ").length;
  return words >= SENTENCE || (words >= SHORT_SENTENCE && /\p{Ll}\.$/u.test(text));
}

/** What stands between two tables of one width; a section's name is shorter. */
function readsLikeProse(rows: readonly TextRow[], rule: Edge): boolean {
  const words = rows.reduce((sum, row) => sum + row.chunks[0]!.text.split(" ").length, 0);
  const widest = Math.max(...rows.map(({ box }) => box[2] - box[0]));
  return words >= PROSE_BETWEEN.words && widest > PROSE_BETWEEN.width * (rule.to - rule.from);
}

function within(chunks: readonly Chunk[], above: Edge, below: Edge, size: number): Chunk[] {
  const [left, right] = [Math.min(above.from, below.from) - size, Math.max(above.to, below.to) + size];
  return chunks.filter(({ box, baseline, size: own }) => {
    const [x, y] = [(box[0] + box[2]) / 2, baseline - 0.3 * own];
    return x > left && x < right && y > above.at && y < below.at;
  });
}

function bandBetween(chunks: readonly Chunk[], horizontal: readonly Edge[], top: Edge, foot: Edge, size: number): Band {
  const rules = horizontal.filter(
    (edge) =>
      edge.at >= top.at - size * 0.3 && edge.at <= foot.at + size * 0.3 && edge.to > top.from && edge.from < top.to,
  );
  return { chunks: within(chunks, top, foot, size), rules, framed: true };
}

/** Runs of rows with several chunks, and the rows of one chunk that go with them. */
export function openBands(chunks: readonly Chunk[], horizontal: readonly Edge[]): Band[] {
  const rows = textRowsOf(chunks);
  const bands: Band[] = [];
  let run: TextRow[] = [];
  const flush = () => {
    while (run.length > 0 && run.at(-1)!.chunks.length === 1 && !hangsUnder(run.at(-1)!, run.slice(0, -1))) run.pop();
    for (const part of partsOf(run)) {
      if (part.filter((row) => row.chunks.length > 1).length >= 2) bands.push(bandOf(part, horizontal));
    }
    run = [];
  };
  rows.forEach((row, i) => {
    const last = run.at(-1);
    if (last !== undefined && row.baseline - last.baseline > FARTHEST * Math.max(row.size, last.size)) flush();
    const caption = row.chunks.length === 1 && CAPTION.test(row.chunks[0]!.text);
    if (caption) flush();
    else if (row.chunks.length > 1) run.push(row);
    else if (run.length > 0) {
      const next = rows[i + 1];
      if (hangsUnder(row, run) || (next !== undefined && next.chunks.length > 1 && isSection(row, run))) run.push(row);
      else flush();
    }
  });
  flush();
  return bands;
}

/** Parted where the white is much more than between its other rows. */
function partsOf(rows: readonly TextRow[]): TextRow[][] {
  const steps = rows.slice(1).map((row, i) => row.baseline - rows[i]!.baseline);
  // A stub at half height of two rows halves the white between them.
  const whole = rows.filter((row) => row.chunks.length > 1);
  const pitches = whole.slice(1).map((row, i) => row.baseline - whole[i]!.baseline);
  const pitch = pitches.sort((a, b) => a - b)[Math.floor(pitches.length / 2)] ?? 0;
  const parts: TextRow[][] = [];
  rows.forEach((row, i) => {
    const step = steps[i - 1] ?? Number.POSITIVE_INFINITY;
    if (i === 0 || step > Math.max(APART.pitch * pitch, APART.size * row.size)) parts.push([row]);
    else parts.at(-1)!.push(row);
  });
  return parts;
}

/** The wrapped rest of a cell: it stands under a chunk of the row above and before the next. */
function hangsUnder(row: TextRow, run: readonly TextRow[]): boolean {
  const { box, size } = row.chunks[0]!;
  const above = run.findLast((one) => one.chunks.length > 1);
  if (above === undefined) return false;
  const [last, before] = [run.at(-1)!, run.at(-2)];
  const pitch = before === undefined ? 0 : last.baseline - before.baseline;
  const far = row.baseline - last.baseline > Math.max(HANGS.size * size, HANGS.pitch * pitch);
  return (
    !far &&
    above.chunks.some((chunk, i) => {
      const [prior, next] = [above.chunks[i - 1], above.chunks[i + 1]];
      if (prior !== undefined && box[0] <= prior.box[2]) return false;
      const middle = Math.abs(box[0] + box[2] - chunk.box[0] - chunk.box[2]) / 2;
      const same =
        Math.min(Math.abs(box[0] - chunk.box[0]), middle, Math.abs(box[2] - chunk.box[2])) < SAME_EDGE * size;
      return same && (next === undefined ? i > 0 : box[2] < next.box[0]);
    })
  );
}

/** A section's name within the table: short, at the left. */
function isSection(row: TextRow, run: readonly TextRow[]): boolean {
  const [left, right] = [Math.min(...run.map(({ box }) => box[0])), Math.max(...run.map(({ box }) => box[2]))];
  return (
    row.box[2] - row.box[0] < PROSE.width * (right - left) &&
    row.box[0] > left - row.size &&
    row.box[2] < right + row.size
  );
}

function bandOf(rows: readonly TextRow[], horizontal: readonly Edge[]): Band {
  const chunks = rows.flatMap((row) => row.chunks);
  const size = medianSize(chunks);
  const [top, foot] = [Math.min(...rows.map(({ box }) => box[1])), Math.max(...rows.map(({ box }) => box[3]))];
  const [left, right] = [Math.min(...rows.map(({ box }) => box[0])), Math.max(...rows.map(({ box }) => box[2]))];
  const rules = horizontal.filter(
    (edge) => edge.at >= top - size && edge.at <= foot + size && edge.to > left && edge.from < right,
  );
  return { chunks, rules, framed: false };
}
