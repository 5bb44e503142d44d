/** The letters of a metric: 0 is A, 25 is Z, 26 is AA (`ux.md` UX-M1). */
export function metricLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : metricLetters(Math.floor(index / 26) - 1) + last;
}

/** The metric of letters, in either case, or undefined where they are no letters of a metric. */
export function metricIndex(letters: string): number | undefined {
  if (!/^[A-Za-z]{1,3}$/.test(letters)) return undefined;
  const digits = Array.from(letters.toUpperCase(), (letter) => letter.charCodeAt(0) - 64);
  return digits.reduce((index, digit) => index * 26 + digit, 0) - 1;
}
