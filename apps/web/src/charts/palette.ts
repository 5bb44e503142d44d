/**
 * Twelve colours that stay apart under the common colour deficiencies, declared in `globals.css`
 * once for each theme. A series keeps its colour when others come and go (UX-C1).
 */
export const paletteSize = 12;

export function chartColour(index: number): string {
  return `var(--chart-${(index % paletteSize) + 1})`;
}

/**
 * A colour index for each key: the one its text hashes to, or the next free one. Keys are served in
 * the given order, so the largest segments are the least likely to move when smaller ones appear.
 */
export function assignColours(keys: readonly string[]): ReadonlyMap<string, number> {
  const colours = new Map<string, number>();
  const uses = Array.from({ length: paletteSize }, () => 0);
  for (const key of keys) {
    const fewest = Math.min(...uses);
    let colour = hash(key) % paletteSize;
    while ((uses[colour] ?? 0) > fewest) colour = (colour + 1) % paletteSize;
    uses[colour] = (uses[colour] ?? 0) + 1;
    colours.set(key, colour);
  }
  return colours;
}

/** FNV-1a over UTF-16 units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}
