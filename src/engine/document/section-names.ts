/** What sections are called in many a document. */

/** These words alone on a line are headings in any type. */
const NAMED =
  /^(?:(?:\d{1,2}|[IVX]{1,5})\.?\s+)?(abstract|summary|introduction|conclusions?|references|bibliography|acknowledge?ments?|appendix|contents|table of contents|zusammenfassung|einleitung|literatur(?:verzeichnis)?|inhalt(?:sverzeichnis)?|résumé|références|resumen|introducción|referencias|аннотация|введение|заключение|литература)$/iu;
/** Those that carry no number even where all others do. */
const UNNUMBERED =
  /^(?:abstract|summary|references|bibliography|works cited|literature cited|acknowledge?ments?|preface|foreword|contents|table of contents|list of (?:figures|tables)|index|zusammenfassung|kurzfassung|vorwort|danksagung|literatur(?:verzeichnis)?|inhalt(?:sverzeichnis)?|abbildungsverzeichnis|tabellenverzeichnis|résumé|remerciements|références|bibliographie|table des matières|resumen|agradecimientos|referencias|bibliografía|índice|riassunto|ringraziamenti|bibliografia|resumo|agradecimentos|referências|samenvatting|literatuur(?:lijst)?|inhoud(?:sopgave)?|аннотация|благодарности|литература|список литературы|содержание|оглавление|摘要|参考文献|目录|致谢|目次|謝辞|초록|참고문헌|목차)$/iu;

/** "Abstract", "2 Introduction" and the like, by the words alone: a heading in any type. */
export function isSectionName(text: string): boolean {
  return NAMED.test(text);
}

/** Whether a section of this name goes without a number. */
export function isUnnumberedName(text: string): boolean {
  return UNNUMBERED.test(text.trim());
}
