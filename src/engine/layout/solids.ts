/**
 * What was decided → its place among the lines: lines are cut where a proposal takes a part of them or its caption begins, and a solid stands
 * for the proposal in the reading order, a line without words that is as large as its box.
 */
import type { PageLines } from "../page-lines.ts";
import { type Line, partOfLine, type Solid } from "./lines.ts";
import type { Taken } from "./propose/proposal.ts";

/** @param text the lines that may be taken; the others of `lines` stay as they are */
export function cutOut(
  lines: readonly Line[],
  text: readonly Line[],
  chosen: readonly Taken[],
  page: PageLines,
): { lines: Line[]; text: Line[]; solids: Solid[] } {
  const solids: Solid[] = chosen.map((taken) => ({ taken, lines: [] }));
  if (chosen.length === 0) return { lines: [...lines], text: [...text], solids };
  const owners = new Map<number, Solid>();
  for (const solid of solids) for (const word of solid.taken.words) owners.set(word, solid);
  const told = new Set(chosen.flatMap((taken) => ("caption" in taken ? (taken.caption ?? []) : [])));
  const free = new Set(text);
  const out: Line[] = [];
  const rest: Line[] = [];
  for (const line of lines) {
    if (!free.has(line)) {
      out.push(line);
      continue;
    }
    for (let from = line.from; from < line.from + line.words.length; ) {
      const owner = owners.get(from);
      let to = from + 1;
      while (to < line.from + line.words.length && owners.get(to) === owner && told.has(to) === told.has(from)) to++;
      const part = partOfLine(line, from, to, page);
      out.push(part);
      (owner?.lines ?? rest).push(part);
      from = to;
    }
  }
  return { lines: out, text: rest, solids };
}

/** Stands in the reading order where the proposal lies. */
export function standIn(solid: Solid, page: PageLines): Line {
  const { box } = solid.taken;
  return {
    id: `${page.size.number}.solid`,
    from: 0,
    words: [],
    box,
    baseline: box[3],
    size: 0,
    style: 0,
    styleKey: "",
    bold: false,
    italic: false,
    boldStart: false,
    boldEnd: false,
    mostlyBold: false,
    chars: 0,
    angle: 0,
    hidden: false,
    isLineNumber: false,
    raised: false,
    text: "",
    solid,
  };
}
