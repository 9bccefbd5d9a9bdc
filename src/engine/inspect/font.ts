/** A bitmap font of five by seven dots for labels: capitals, digits and signs; small letters are shown as capitals. */

export const GLYPH_WIDTH = 5;
export const GLYPH_HEIGHT = 7;

const FIRST = 0x20;
/** From the blank to the underscore; a letter is seven rows from the top, each a digit of base 32 whose highest bit is the left dot. */
const ROWS =
  "0000000 4444004 aaa0000 aavavaa 4fke5u4 op248j3 cik8lid c480000 2488842 8422248 04lel40 044v440 0000c48 000v000 00000cc 01248g0 " +
  "ehjlphe 4c4444e eh1248v v2421he 26aiv22 vgu11he 68guhhe v124888 ehhehhe ehhf12c 0cc0cc0 0cc0c48 248g842 00v0v00 8421248 eh12404 " +
  "eh1dlle ehhvhhh uhhuhhu ehggghe sihhhis vgguggv vgguggg ehgnhhf hhhvhhh e44444e 72222ic hikokih ggggggv hrllhhh hhpljhh ehhhhhe " +
  "uhhuggg ehhhlid uhhukih fgge11u v444444 hhhhhhe hhhhha4 hhhllla hha4ahh hhha444 v1248gv e88888e 0g84210 e22222e 4ah0000 000000v";
const GLYPHS = ROWS.split(" ").map((rows) => [...rows].map((row) => Number.parseInt(row, 32)));
/** What the font lacks. */
const UNKNOWN = [31, 17, 17, 17, 17, 17, 31];

/** @returns seven rows of dots, the left dot in bit 4 */
export function dotsOf(letter: string): readonly number[] {
  return GLYPHS[letter.toUpperCase().charCodeAt(0) - FIRST] ?? UNKNOWN;
}
