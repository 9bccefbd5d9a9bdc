/** What sections are called in many a document, in the languages that archives hold most of. One table for all who ask. */

const NAMES = {
  abstract:
    "abstract|summary|zusammenfassung|kurzfassung|résumé|resumen|riassunto|sommario|resumo|samenvatting|sammanfattning|sammendrag|tiivistelmä|streszczenie|аннотация|özet|摘要|要旨|초록",
  keywords:
    "key ?words(?: and phrases)?|index terms|schlüsselwörter|schlagwörter|mots[- ]clés|palabras clave|parole chiave|palavras[- ]chave|trefwoorden|nyckelord|słowa kluczowe|ключевые слова|anahtar kelimeler|关键词|關鍵詞|キーワード|키워드",
  introduction: "introduction|einleitung|introducción|введение",
  conclusion: "conclusions?|заключение",
  references:
    "references(?: cited)?|(?:selected |annotated )?bibliography|works cited|literature(?: cited)?|cited literature|literatur(?:verzeichnis|hinweise|angaben)?|quellen(?:verzeichnis|angaben)?|schrifttum|bibliogra(?:ph|f)i[eaí]|bibliografía|références(?: bibliographiques)?|referencias(?: bibliográficas)?|referências(?: bibliográficas)?|riferimenti(?: bibliografici)?|referenties|literatuur(?:lijst)?|litteratur(?:förteckning)?|referenser|referanser|kirjallisuus|lähteet|literatura|литература|список литературы|библиография|kaynakça|kaynaklar|参考文献|參考文獻|참고문헌",
  thanks:
    "acknowledge?ments?|danksagung|remerciements|agradecimientos|ringraziamenti|agradecimentos|dankwoord|благодарности|致谢|謝辞",
  appendix: "appendix",
  contents:
    "contents|table of contents|inhalt(?:sverzeichnis)?|table des matières|índice|indice|inhoud(?:sopgave)?|содержание|оглавление|目录|目次|목차",
  matter: "preface|foreword|vorwort|list of (?:figures|tables)|abbildungsverzeichnis|tabellenverzeichnis|index",
} as const;

type Kind = keyof typeof NAMES;

const NUMBER = "(?:(?:\\d{1,2}|[A-Z]|[IVX]{1,5})\\.?\\s+)?";

/** These words alone on a line are headings in any type. */
const NAMED = named(["abstract", "introduction", "conclusion", "references", "thanks", "appendix", "contents"], NUMBER);
/** Those that carry no number even where all others do. */
const UNNUMBERED = named(["abstract", "references", "thanks", "contents", "matter"], "");
const REFERENCES = named(["references"], NUMBER);
const ABSTRACT = named(["abstract"], "");
/** The name leads into the text that it is of: "Abstract—We show", "Keywords: rivers". */
const LEADS = "\\s*[.:—–-]\\s*(?=\\S)";
const RUN_IN = new RegExp(`^(?:${NAMES.abstract})${LEADS}`, "iu");
const KEYWORDS = new RegExp(`^(?:${NAMES.keywords})(?:${LEADS}|\\s*$)`, "iu");

/** "Chapter 3", "Part II", "Anhang A": what stands over or before the name. */
const LABEL =
  /^(?:chapter|part|appendix|annex|kapitel|teil|anhang|chapitre|partie|annexe|capítulo|parte|apéndice|capitolo|appendice|apêndice|hoofdstuk|deel|bijlage|rozdział|глава|часть|приложение|bölüm)\s+(?:\d{1,3}|[IVXLC]{1,6}|[A-Z])\s*[.:]?$/iu;

function named(kinds: readonly Kind[], before: string): RegExp {
  return new RegExp(`^${before}(?:${kinds.map((kind) => NAMES[kind]).join("|")})\\s*:?$`, "iu");
}

/** "Abstract", "2 Introduction" and the like, by the words alone: a heading in any type. */
export function isSectionName(text: string): boolean {
  return NAMED.test(text.trim());
}

/** Whether a section of this name goes without a number. */
export function isUnnumberedName(text: string): boolean {
  return UNNUMBERED.test(text.trim());
}

/** The text is a section's label and no more. */
export function isSectionLabel(text: string): boolean {
  return LABEL.test(text.trim());
}

export function namesReferences(text: string): boolean {
  return REFERENCES.test(text.trim());
}

export function namesAbstract(text: string): boolean {
  return ABSTRACT.test(text.trim());
}

/** The text begins with its name. */
export function beginsAbstract(text: string): boolean {
  return RUN_IN.test(text);
}

export function beginsKeywords(text: string): boolean {
  return KEYWORDS.test(text);
}
