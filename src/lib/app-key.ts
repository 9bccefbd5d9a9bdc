/** What an app_key must look like to be imported: any that clients of another service use already. */

/** Keys are kept as keyed hashes, so a short one can't be found from the database; below this it could be guessed. */
export const APP_KEY_LENGTH_MIN = 8;
export const APP_KEY_LENGTH_MAX = 256;

/** @returns what is wrong, to stand behind the field's name; null when nothing is */
export function problemOfAppKey(key: string): string | null {
  if (!/^[\x21-\x7e]*$/.test(key)) return "must be printable characters without spaces";
  if (key.length < APP_KEY_LENGTH_MIN) return `must have at least ${APP_KEY_LENGTH_MIN} characters`;
  if (key.length > APP_KEY_LENGTH_MAX) return `must have at most ${APP_KEY_LENGTH_MAX} characters`;
  return null;
}
