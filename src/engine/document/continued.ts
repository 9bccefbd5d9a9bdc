/**
 * What a page says of a break and not of the matter: "(continued)" in a repeated caption, "continued on next page" under
 * a table; in the languages that archives hold most of.
 */

const CONTINUED =
  "(?:to be )?continued|continues|cont['’]?d|cont\\.|fortsetzung|fortgesetzt|forts\\.|suite|continúa|continua(?:ción|zione|ção|tion)?|segue|vervolg|fortsättning|fortsat|jatkuu|cd\\.|ciąg dalszy|pokračování|продолжение|devamı|suivante?|續|续|続き?";
/** In brackets, or behind a dash or comma at the end: elsewhere it is a word like others ("benchmark suite results"). */
const APART = new RegExp(`[([]\\s*(?:${CONTINUED})[^)\\]]{0,20}[)\\]]|[,:–—-]\\s*(?:${CONTINUED})[\\s\\p{P}]*$`, "iu");
const AT_START = new RegExp(`^[\\s\\p{P}]*(?:\\p{L}+\\s+[\\d.]+[\\s\\p{P}]*)?(?:${CONTINUED})(?!\\p{L})`, "iu");
/** A notice is this short; longer ones are sentences that happen to have the word. */
const NOTICE_WORDS = 8;

/** A caption that the page's end made: the table's own stands where it begins. */
export function isCaptionAgain(text: string): boolean {
  return APART.test(text) || isContinuedNotice(text);
}

/** The text is nothing but a notice: "Continued on next page", "Table 3 (cont.)". */
export function isContinuedNotice(text: string): boolean {
  return text.trim().split(/\s+/).length <= NOTICE_WORDS && AT_START.test(text);
}
