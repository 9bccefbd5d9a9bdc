/**
 * Codes → Unicode in the encodings that fonts without any mapping turn out to use: TeX's, and the order of glyphs in
 * TrueType fonts, which producers write as codes. Data; which one a font uses is told by readings.ts.
 */
export type Encoding = (code: number) => number | undefined;

/** TeX's text encoding of 1989 (The TeXbook, appendix F), where it is not ASCII; ligatures as U+FB00 to U+FB04. */
const OT1 = table([
  [0x00, "ΓΔΘΛΞΠΣΥΦΨΩﬀﬁﬂﬃﬄıȷ`´ˇ˘¯˚¸ßæœøÆŒØ"],
  [0x22, "”"],
  [0x27, "’"],
  [0x3c, "¡"],
  [0x3e, "¿"],
  [0x5c, "“"],
  [0x5e, "ˆ˙‘"],
  [0x7b, "–—˝˜¨"],
]);
/** The Cork encoding (TUGboat 11, 1990), where it is neither ASCII nor Latin-1. */
const T1 = table([
  [0x00, "`´ˆ˜¨˝˚ˇ˘¯˙¸˛‚‹›“”„«»–—"],
  [0x19, "ıȷﬀﬁﬂﬃﬄ␣"],
  [0x27, "’"],
  [0x60, "‘"],
  [0x80, "ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£"],
  [0xd7, "ŒØÙÚÛÜÝÞSß"],
  [0xf7, "œøùúûüýþß"],
]);
/** TeX's symbols and its mathematical italic (The TeXbook, appendix F), as far as text uses them. */
const OMS = table([
  [0x00, "−⋅×∗÷⋄±∓⊕⊖⊗⊘⊙◯∘•≍≡⊆⊇≤≥⪯⪰∼≈⊂⊃≪≫≺≻←→↑↓↔↗↘≃⇐⇒⇑⇓⇔↖↙∝′∞∈∋△▽"],
  [0x38, "∀∃¬∅ℜℑ⊤⊥ℵ"],
  [0x5b, "∪∩⊎∧∨⊢⊣⌊⌋⌈⌉{}⟨⟩|‖↕⇕∖≀√⨿∇∫⊔⊓⊑⊒§†‡¶♣♢♡♠"],
]);
const OML = table([
  [0x0b, "αβγδϵζηθικλμνξπρστυϕχψωεϑϖϱςφ"],
  [0x3a, ".,<∕>⋆∂"],
  [0x60, "ℓ"],
  [0x7b, "ıȷ℘"],
]);
/** TeX's text companion (TUGboat 16, 1995): bullets and signs beside T1. */
const TS1 = table([
  [0x18, "←→"],
  [0x27, "'"],
  [0x2a, "∗"],
  [0x2c, ","],
  [0x2d, "="],
  [0x2e, "."],
  [0x2f, "⁄"],
  [0x30, "0123456789"],
  [0x3c, "⟨−⟩"],
  [0x4d, "℧"],
  [0x4f, "◯"],
  [0x57, "Ω"],
  [0x84, "†‡‖‰•℃$¢ƒ₡₩₦₲₱₤℞‽"],
  [0x98, "₫™‱¶฿№"],
  [0x9f, "℠{}¢£¤¥¦§¨©ª"],
  [0xac, "¬"],
  [0xae, "®¯°±²³´µ¶·※¹º√¼½¾€"],
  [0xd6, "×"],
  [0xf6, "÷"],
]);

/** Apple's Roman letters from 0x80 on: glyphs 98 and after of TrueType fonts come in this order. */
export const MAC_UPPER =
  "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄¤‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";
/** Glyph 3 is the space in every font that follows Apple's order (TrueType, table post). */
const TRUETYPE_SHIFT = 0x20 - 3;
const TRUETYPE_UPPER = 98;
/** Where Microsoft's Arial, Times New Roman, Courier New and Verdana keep А to я, Ё and ё. */
const CYRILLIC = { first: 0x21a, last: 0x259, shift: 0x410 - 0x21a, io: 0x20c, smallIo: 0x25a } as const;
const OPENTYPE_SHIFT = 0x20 - 1;

export const ENCODINGS = {
  /** The code is the character. */
  unicode: (code) => code,
  ot1: (code) => OT1.get(code) ?? ascii(code),
  t1: (code) => T1.get(code) ?? ascii(code) ?? (code >= 0xa0 && code < 0x100 ? code : undefined),
  ts1: (code) => TS1.get(code),
  oms: (code) => OMS.get(code) ?? (code >= 0x41 && code <= 0x5a ? code : undefined),
  oml: (code) => OML.get(code) ?? (isLetter(code) || isDigit(code) ? code : undefined),
  /** Glyph numbers of a TrueType font in Apple's order. */
  trueType(code) {
    if (code >= 3 && code < TRUETYPE_UPPER) return code + TRUETYPE_SHIFT;
    if (code >= CYRILLIC.first && code <= CYRILLIC.last) return code + CYRILLIC.shift;
    if (code === CYRILLIC.io) return 0x401;
    if (code === CYRILLIC.smallIo) return 0x451;
    return code < TRUETYPE_UPPER ? undefined : MAC_UPPER.charCodeAt(code - TRUETYPE_UPPER) || undefined;
  },
  /** Glyph numbers of a font that begins with the space, as Adobe's collections do. */
  openType: (code) => (code >= 1 && code < 96 ? code + OPENTYPE_SHIFT : undefined),
} satisfies Record<string, Encoding>;

/** ASCII moved by so much: printers' drivers that begin their subsets elsewhere. */
export function shifted(by: number): Encoding {
  return (code) => ascii(code + by);
}

const APPLES_ORDER: ReadonlyMap<number, number> = new Map([
  ...Array.from({ length: TRUETYPE_UPPER - 3 }, (_, i): [number, number] => [TRUETYPE_SHIFT + 3 + i, 3 + i]),
  ...Array.from(MAC_UPPER, (c, i): [number, number] => [c.codePointAt(0)!, TRUETYPE_UPPER + i]),
]);

/** Moved by so much in the order of glyphs in TrueType fonts, where Ä follows on ~; what parts words is not moved. */
export function shiftedGlyphs(by: number): Encoding {
  return (code) => {
    const glyph = APPLES_ORDER.get(code);
    if (code === 0x20) return code;
    return glyph === undefined ? undefined : ENCODINGS.trueType(glyph + by);
  };
}

/** In Apple's order of glyphs, or a code of one byte. */
export const isShortCode = (code: number) => code < 0x100 || APPLES_ORDER.has(code);

const isLetter = (c: number) => (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
const isDigit = (c: number) => c >= 0x30 && c <= 0x39;

function ascii(code: number): number | undefined {
  return code >= 0x20 && code < 0x7f ? code : undefined;
}

function table(rows: readonly (readonly [from: number, text: string])[]): ReadonlyMap<number, number> {
  return new Map(
    rows.flatMap(([from, text]) => Array.from(text, (c, i): [number, number] => [from + i, c.codePointAt(0)!])),
  );
}
