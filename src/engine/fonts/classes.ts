/** A font's facts → what a reader sees: family, bold, italic, monospaced. By name first: PDF's flags and weights lie. */
import type { Font } from "../page.ts";

export interface FontClass {
  family: string;
  bold: boolean;
  italic: boolean;
  /** By its name; fonts whose name doesn't tell, pitch.ts looks at. */
  mono: boolean;
}

/** Font descriptor flags (ISO 32000-1 table 123). */
const FLAG = { fixedPitch: 1, italic: 1 << 6, forceBold: 1 << 18 } as const;
/** PDFium's weight comes from the stem width; only where the name is silent, and only when it is heavy. */
const HEAVY = 700;

/** URW calls the bold of its Times and Helvetica "Medi". */
const BOLD =
  /bold|black|heavy|semibold|demi(?!r)|extrab|-medi(?:ital)?$|(?:^|[-, ])(?:bd|blk|hv|b|bi)(?=$|[-, ])|^(?:cmb|cmssbx|cmbx|sfbx|lmb|lmssbx|ecbx)/i;
const ITALIC =
  /ital|obli|slant|kursiv|(?:bold|light|black|medium|regular)it$|(?:^|[-, ])(?:it|i|bi|sl)(?=$|[-, ])|^(?:cmti|cmsl|cmmi|cmmib|cmbxti|sfti|sfsl|ecti|lmri|lmmi)/i;
const MONO =
  /mono|courier|consol|typewriter|menlo|inconsolata|fixedsys|letter ?gothic|lucida ?console|andale|source ?code|fira ?code|(?:^|-)code|^(?:cmtt|cmsltt|cmitt|sftt|ectt|lmtt|lmmono|txtt|pcr)/i;
/** What a name says besides its family. */
const MANNER =
  /[-, ]*(?:regular|regu|roman|normal|book|mediumit|medium|light|thin|extralight|semibold|demibold|extrabold|ultra|boldit|lightit|blackit|bold|black|heavy|demi|medi|italic|oblique|slanted|ital|obl|cond(?:ensed)?|bolditalic|psmt|ps|mt)+$/i;
/** Names that a producer made up: "F1", "TT2", "T3Font_0", "CIDFont+F4". */
const MADE_UP = /^(?:cidfont\+?)?(?:f|tt|t|c2_|r|g|fnt|font|t3font_?)\d*$/i;

export function classOf(font: Font): FontClass {
  const { name } = font;
  const silent = name === "" || MADE_UP.test(name);
  return {
    family: familyOf(font),
    bold: BOLD.test(name) || (font.flags & FLAG.forceBold) !== 0 || (silent && font.weight >= HEAVY),
    italic: ITALIC.test(name) || (font.flags & FLAG.italic) !== 0 || Math.abs(font.italicAngle) > 1,
    mono: MONO.test(name),
  };
}

export const isFixedByFlag = (font: Font) => (font.flags & FLAG.fixedPitch) !== 0;

function familyOf(font: Font): string {
  let name = font.name === "" || MADE_UP.test(font.name) ? font.family || font.name : font.name;
  for (let shorter = name.replace(MANNER, ""); shorter !== "" && shorter !== name; shorter = name.replace(MANNER, "")) {
    name = shorter;
  }
  return name.replace(/[-, ]+$/, "");
}
