/** Whether a line's end falls within a web address: what stands on both sides is then one, without a blank. */

const ADDRESS = /(?:https?:\/\/|www\.)\S*$/iu;
const BEGINS_ONE = /^\p{P}*(?:https?:\/\/|www\.)/iu;
/** Addresses are broken after these; where a sentence's own word follows, the address ended there. */
const BROKEN = /[/=?&_%#-]$/;
const WITHIN = /[\p{L}\p{N}]{2}[./_=&?%]+[\p{L}\p{N}]{2}/u;
const CLOSING = /[.,;:!?\p{Pe}\p{Pf}>"']+$/u;

/**
 * @param before the text up to the line's end
 * @param after the next line's first word
 * @param href what both are linked to, if anything: where it holds the two in one, they are one
 */
export function breaksAddress(before: string, after: string, href: string | undefined): boolean {
  const address = ADDRESS.exec(before)?.[0];
  if (address === undefined || BEGINS_ONE.test(after)) return false;
  if (href?.includes(address + after.replace(CLOSING, ""))) return true;
  return BROKEN.test(address) && WITHIN.test(after);
}
