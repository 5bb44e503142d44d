import { cutText } from '@arbor/schema/cut-text';

/** What to do with a string that cannot be stored as it is; see `cleanText`. */
export interface TextRules {
  /** `/import` in strict mode refuses text that is not valid Unicode; everything else repairs it. */
  readonly strict: boolean;
  /** The request's bytes were not valid UTF-8: text with U+FFFD in it is where the damage is. */
  readonly damaged: boolean;
}

const replacement = '\ufffd';

/** Nearly all text passes this one cheap look; what does not is looked at again. */
const plainText = /^[ -\ud7ff]*$/;
const loneSurrogates = /\p{Surrogate}/gu;

/**
 * Text as it is stored: at most 255 UTF-16 units, without half a surrogate pair and without U+0000,
 * which PostgreSQL cannot hold in an identifier. Returns null for text to be refused: it was damaged
 * on the way, or the rules are strict and it is not valid Unicode.
 */
export function cleanText(text: string, rules: TextRules): string | null {
  const cut = cutText(text);
  if (plainText.test(cut)) return cut;
  if (rules.damaged && cut.includes(replacement)) return null;
  const repaired = cut.replace(loneSurrogates, replacement);
  if (rules.strict && repaired !== cut) return null;
  return repaired.includes('\0') ? repaired.replaceAll('\0', replacement) : repaired;
}
