/** Texts counted in characters: a sign beyond the basic plane is one, not two halves. */

const surrogates = /[\uD800-\uDFFF]/;

export function characterCount(text: string): number {
  return surrogates.test(text) ? Array.from(text).length : text.length;
}

/** Characters from `start` to `end`, exclusive, counted from 0; what lies outside the text is left out. */
export function characters(text: string, start: number, end: number): string {
  const [from, to] = [Math.max(0, start), Math.max(0, end)];
  if (from >= to) return '';
  return surrogates.test(text) ? Array.from(text).slice(from, to).join('') : text.slice(from, to);
}

/**
 * Part `n` of a text, counted from 1 (`reports.md` 14.3): undefined beyond the last part; the whole text for any `n`
 * when the delimiter does not occur.
 */
export function part(text: string, delimiter: string, n: number): string | undefined {
  if (!Number.isInteger(n) || n < 1) return undefined;
  let end = text.indexOf(delimiter);
  if (end === -1) return text;
  let start = 0;
  for (let passed = 1; passed < n; passed++) {
    if (end === -1) return undefined;
    start = end + delimiter.length;
    end = text.indexOf(delimiter, start);
  }
  return text.slice(start, end === -1 ? undefined : end);
}

export function startsIgnoringCase(text: string, prefix: string): boolean {
  return text.toLowerCase().startsWith(prefix.toLowerCase());
}

export function endsIgnoringCase(text: string, suffix: string): boolean {
  return text.toLowerCase().endsWith(suffix.toLowerCase());
}
