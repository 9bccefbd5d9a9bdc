/**
 * The first page's title and authors. In: the page's pieces in reading order; out: the same with the authors right
 * behind the title, even where columns that begin below it took them apart.
 */
import { isSectionName } from "../../document/section-names.ts";
import { union } from "../../geometry.ts";
import type { Profile } from "../../profile.ts";
import type { Piece } from "../flow.ts";
import type { Group } from "../rows.ts";

export interface FrontMatter {
  flow: Piece[];
  title: Piece | null;
  authors: ReadonlySet<Piece>;
}

/** A paragraph of so many rows before it: what follows is no title, however large. */
const TEXT_ROWS = 2;
const FIRST_NUMBER = /^(?:1|I|A)\.?$/;
/** Names, addresses and what lies between them, each at most so far below the one above, in type sizes of the title. */
const FARTHEST = 5;
const MOST_ROWS = 6;
/** The middles of title and authors agree, in type sizes of the title. */
const CENTRED = 1;
/** A capitalised word, an initial or a particle: people, as they stand under a title. */
const NAME = /^(?:\p{Lu}[\p{L}.'’-]*|and|und|et|y|de|der|den|van|von|da|di|la|le|del|bin|al)$/u;
/** What stands between them, and letters that refer to an address. Split first: one pattern for all would try every cut. */
const BETWEEN_NAMES = /[\s,;&*†‡§¶\d∗()]+/u;
const REFERS = /^[a-e]{1,3}$/;
/** What parts names or refers to their addresses; headings have none of it. */
const PARTED = /\p{L},\s+\p{Lu}|\p{L}\s+(?:and|und|et|y|&)\s+\p{Lu}|[*†‡§¶∗]|\p{Ll}\d/u;
const EMAIL = /[\p{L}\p{N}._%+-]\s?@\s?[\p{L}\p{N}-]+\.\p{L}{2,}/u;
const INSTITUTION =
  /\b(?:universit\p{L}*|institut\p{L}*|departe?ment\p{L}*|laborator\p{L}*|college|faculty|facultad|fakultät|hochschule|academy|école|school of|research cent(?:er|re))\b/iu;
const SENTENCE = /[.!?]\s+\p{Lu}.*[.!?]$/u;

export function frontMatterOf(flow: readonly Piece[], page: number, profile: Profile): FrontMatter {
  const title = page === 1 ? titleIn(flow, profile) : null;
  if (title === null) return { flow: [...flow], title, authors: new Set() };
  const authors = new Set(authorsUnder(title, flow));
  const rest = flow.filter((piece) => !authors.has(piece));
  const at = rest.indexOf(title) + 1;
  return { flow: [...rest.slice(0, at), ...authors, ...rest.slice(at)], title, authors };
}

function titleIn(flow: readonly Piece[], profile: Profile): Piece | null {
  const first = flow.find(({ heading }) => heading !== null);
  // "1. Scope" is the first section of a text without a title.
  if (first?.heading?.number !== undefined && FIRST_NUMBER.test(first.heading.number)) return null;
  return titleOver(flow, profile) ?? (isTitlePage(flow) ? largest(flow) : null);
}

/** A page that holds no text, but a heading: the document's name stands on it. */
function isTitlePage(flow: readonly Piece[]): boolean {
  return flow.every(({ heading, solid, rows }) => heading !== null || (solid === undefined && rows.length < TEXT_ROWS));
}

/** One heading in larger type than all other text of the page. */
function largest(flow: readonly Piece[]): Piece | null {
  const [first, second] = flow.toSorted((a, b) => b.rows[0]!.size - a.rows[0]!.size);
  if (first === undefined || first.heading === null || isSectionName(textOf(first))) return null;
  return second === undefined || second.rows[0]!.size < first.rows[0]!.size ? first : null;
}

function titleOver(flow: readonly Piece[], profile: Profile): Piece | null {
  for (const piece of flow) {
    if (piece.heading !== null && (piece.heading.title === true || isInTitleStyle(piece, profile))) return piece;
    if (piece.heading === null && piece.solid === undefined && piece.rows.length >= TEXT_ROWS) return null;
  }
  return null;
}

function isInTitleStyle(piece: Piece, profile: Profile): boolean {
  const lines = piece.rows.flatMap((row) => row.lines).filter((line) => line.styleKey === profile.title);
  return lines.length > 0 && lines.length >= profile.titleLines;
}

/** Down from the title, as long as what stands there names people or where they work. */
function authorsUnder(title: Piece, flow: readonly Piece[]): Piece[] {
  const size = title.rows[0]!.size;
  const below = flow
    .filter((piece) => piece !== title && piece.box[1] >= title.box[3])
    .toSorted((a, b) => a.box[1] - b.box[1] || a.box[0] - b.box[0]);
  const found: Piece[] = [];
  let foot = title.box[3];
  for (const piece of below) {
    if (piece.box[1] - foot > FARTHEST * size || !namesPeople(piece, found.length > 0)) break;
    found.push(piece);
    foot = Math.max(foot, piece.box[3]);
  }
  // A word alone, or a line in a heading's type, may be anything: set as names are, it stands in the title's middle.
  const sure = found.every((piece) => {
    const text = textOf(piece);
    return PARTED.test(text) || (piece.heading === null && !isOneWord(text)) || EMAIL.test(text);
  });
  return sure || isCentredUnder(title, found) ? found : [];
}

function namesPeople(piece: Piece, goesOn: boolean): boolean {
  if (piece.solid !== undefined || piece.rows.length > MOST_ROWS) return false;
  const text = textOf(piece);
  if (isSectionName(text) || /^\d/.test(text) || SENTENCE.test(text)) return false;
  if (goesOn && (EMAIL.test(text) || INSTITUTION.test(text))) return true;
  if (piece.heading === null) return isNames(text);
  return isNames(text) && piece.rows.every((row) => row.lines.every((line) => !line.mostlyBold || PARTED.test(text)));
}

function isNames(text: string): boolean {
  const words = text.split(BETWEEN_NAMES).filter((word) => word !== "");
  return words.length > 0 && words.every((word, i) => NAME.test(word) || (i > 0 && REFERS.test(word)));
}

function isCentredUnder(title: Piece, pieces: readonly Piece[]): boolean {
  if (pieces.length === 0) return false;
  const box = pieces.map((piece) => piece.box).reduce(union);
  const off = Math.abs(box[0] + box[2] - title.box[0] - title.box[2]) / 2;
  return off <= CENTRED * title.rows[0]!.size && box[0] - title.box[0] > title.rows[0]!.size;
}

function isOneWord(text: string): boolean {
  return !/\S\s+\S/u.test(text);
}

function textOf(group: Group): string {
  return group.rows.flatMap((row) => row.lines.map((line) => line.text)).join(" ");
}
