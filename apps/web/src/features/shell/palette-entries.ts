/** What the palette leads to beside views and commands. */
export type PaletteEntry = {
  /** Two that look the same are still two. */
  readonly key: string;
  readonly label: string;
  /** What it is. */
  readonly detail: string;
  readonly href: string;
};

/** As many of a kind as somebody looks through. */
const shownMax = 12;

/** Entries whose words begin with, or contain, what was typed; the first of a kind while nothing was. */
export function matching(entries: readonly PaletteEntry[], text: string): readonly PaletteEntry[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const rank = ({ label }: PaletteEntry): number => {
    const at = label.toLowerCase().indexOf(wanted);
    if (at < 0) return 3;
    if (at === 0) return 0;
    return /\W/.test(label[at - 1] ?? '') ? 1 : 2;
  };
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((each) => each.rank < 3)
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, shownMax)
    .map(({ entry }) => entry);
}

/** What was taken last stands first, each once. */
export function withRecent(
  recent: readonly PaletteEntry[],
  taken: PaletteEntry,
): readonly PaletteEntry[] {
  return [taken, ...recent.filter(({ key }) => key !== taken.key)].slice(0, recentMax);
}

export const recentMax = 10;
