/**
 * Whether a line begins a caption: what figures and tables are called, in the languages that archives hold most of, and
 * a number. A caption is told from a sentence ("Figure 3 shows ...") by what follows: a stop, the line's end, a capital.
 */

const FIGURE = [
  ..."fig|figs?\\.|figures?|scheme|plate|chart|graph|map|photo|photograph|illustration|exhibit|diagram|image".split(
    "|",
  ),
  ..."abb\\.|abbildung|bild|schaubild|figuras?|gráfic[oa]s?|ilustración|imagen|schéma|graphique|grafico|grafiek".split(
    "|",
  ),
  ..."afbeelding|figuur|kuva|rys\\.|rysunek|wykres|obr\\.|obrázek|рис\\.|рисунок|схема|малюнок|şekil|σχήμα|hình".split(
    "|",
  ),
];
const TABLE =
  "tab\\.|tables?|tabelle|tabell|tabela|tabella|tabelas?|tabel|tableaux?|tablas?|tabulka|taulukko|tablo|box|табл\\.|таблица|таблиця|πίνακας|bảng".split(
    "|",
  );
/** "3", "1.5", "A.2", "S1", "2-4", "IV"; CJK names stand right before their numbers. */
const NUMBER = "(?:[a-z]{1,2}[.-]?)?(?:\\d+(?:[.–-]\\d+)*[a-z]?|[ivxlc]+)";
const AFTER = /^(?:\s*[.:|)–—-]|\s*$|\s+[\p{Lu}\p{N}\p{Pi}\p{Script=Han}"(])/u;

const FIGURE_START = new RegExp(`^(?:(?:${FIGURE.join("|")})\\s*${NUMBER}|[图圖図]\\s*\\d+)`, "iu");
const TABLE_START = new RegExp(`^(?:(?:${TABLE.join("|")})\\s*${NUMBER}|表\\s*\\d+)`, "iu");

export function beginsFigureCaption(text: string): boolean {
  return begins(text, FIGURE_START);
}

export function beginsCaption(text: string): boolean {
  return beginsFigureCaption(text) || beginsTableCaption(text);
}

export function beginsTableCaption(text: string): boolean {
  return begins(text, TABLE_START);
}

function begins(text: string, start: RegExp): boolean {
  const found = start.exec(text);
  return found !== null && AFTER.test(text.slice(found[0].length));
}
