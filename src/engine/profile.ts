/** What only the whole document can tell. Types only. */

/** Counted in integers and sets, merged by sum and union, so that chunking can't show. */
export interface Survey {
  /** Style key (survey/styles) → counts. */
  styles: Map<string, { chars: number; lines: number; short: number }>;
  /** "style>next style" → times the second began a line right after the first. */
  follows: Map<string, number>;
  /** Text without digits at a rounded height → page numbers where it stands, and the number found in it. */
  margins: Map<string, { page: number; value: number }[]>;
  /** Hashes of distinct words. */
  words: Set<number>;
  captions: { above: number; below: number };
  mathChars: number;
  pages: number;
}

/** Read off the merged survey once. */
export interface Profile {
  body: string;
  /** 1/100 pt. */
  bodySize: number;
  headings: Map<string, number>;
  furniture: Set<string>;
  words: Set<number>;
  captionSide: "above" | "below";
  math: boolean;
}
