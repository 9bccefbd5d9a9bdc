/**
 * Codes of well-known symbol fonts → Unicode, for fonts that bring no usable mapping: Symbol, Wingdings, Zapf Dingbats,
 * and TeX's CMEX (big operators and the pieces of large brackets). Small tables: the characters that documents use.
 */
import type { Font } from "../page.ts";

/** Microsoft's symbol fonts are mapped to the private use area at F000 + code. */
const PRIVATE_USE = 0xf000;

/** Adobe Symbol, codes 0x41 to 0x7e (PDF 32000-1 annex D.5), letters first. */
const SYMBOL: Record<number, string> = {
  ...row(0x22, "∀#∃%&∋()∗+,−./0123456789:;<=>?≅"),
  ...row(0x41, "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"),
  ...row(0x61, "αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"),
  ...row(0xa0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑"),
  ...row(0xf1, "〉∫"),
};

const WINGDINGS: Record<number, string> = {
  40: "☎",
  42: "✉",
  74: "☺",
  108: "●",
  109: "❍",
  110: "■",
  111: "□",
  113: "❑",
  114: "❒",
  115: "⬧",
  116: "⧫",
  117: "◆",
  118: "❖",
  119: "⬥",
  158: "·",
  159: "•",
  161: "○",
  167: "▪",
  168: "◻",
  216: "➢",
  223: "←",
  224: "→",
  232: "➔",
  240: "⇨",
  251: "✗",
  252: "✓",
  253: "☒",
  254: "☑",
};

const DINGBATS: Record<number, string> = {
  51: "✓",
  52: "✔",
  53: "✕",
  54: "✖",
  55: "✗",
  56: "✘",
  72: "★",
  108: "●",
  109: "❍",
  110: "■",
  111: "❏",
  112: "❐",
  113: "❑",
  114: "❒",
  115: "▲",
  116: "▼",
  117: "◆",
  118: "❖",
  212: "➔",
  216: "➘",
  224: "➠",
};

/** TeX's extension font, after the encoding in The TeXbook, appendix F. */
const CMEX: Record<number, string> = {
  ...row(0x00, "()[]⌊⌋⌈⌉{}⟨⟩|‖/\\()()[]⌊⌋⌈⌉{}⟨⟩/\\()[]⌊⌋⌈⌉{}⟨⟩/\\/\\"),
  ...row(0x30, "⎛⎞⎡⎤⎣⎦⎢⎥⎧⎫⎩⎭⎨⎬⎪⏐⎝⎠⎜⎟⟨⟩⨆⨆∮∮⨀⨀⨁⨁⨂⨂∑∏∫⋃⋂⨄⋀⋁∑∏∫⋃⋂⨄⋀⋁∐∐"),
  98: "^",
  99: "^",
  100: "^",
  101: "~",
  102: "~",
  103: "~",
  ...row(0x68, "[]⌊⌋⌈⌉{}√√√√√"),
};

/** What PDFium leaves out of TeX's symbols: the prime, the stroke of ≠ and the foot of ↦, both drawn before their partner. */
const CMSY: Record<number, string> = { 48: "′", 54: "\u0338", 55: "↦" };
/** LaTeX's circles: the discs, which pictures use for points. */
const LCIRCLE: Record<number, string> = row(0x70, "•••••••••••••••");

/** @returns the table for a font that is known to use its own encoding */
export function symbolTable(font: Font): Record<number, string> | undefined {
  const name = `${font.name} ${font.family}`;
  if (/wingdings(?! ?[23])/i.test(name)) return WINGDINGS;
  if (/dingbats/i.test(name)) return DINGBATS;
  if (/^(?:symbol|symbolmt|standardsymbols)/i.test(font.name)) return SYMBOL;
  if (/^(?:cmex|lmex|lmmathextension|txex|mathextension)/i.test(font.name)) return CMEX;
  if (/^(?:cmsy|lmsy|lmmathsymbols|cmbsy)/i.test(font.name)) return CMSY;
  if (/^lcirclew?\d/i.test(font.name)) return LCIRCLE;
  return undefined;
}

/** @returns the text for a raw or private-use code, undefined when the table has none */
export function lookUpSymbol(table: Record<number, string>, code: number): string | undefined {
  return table[code >= PRIVATE_USE && code < PRIVATE_USE + 256 ? code - PRIVATE_USE : code];
}

function row(from: number, text: string): Record<number, string> {
  return Object.fromEntries(Array.from(text, (character, i) => [from + i, character]));
}
