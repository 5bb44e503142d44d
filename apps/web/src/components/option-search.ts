/** One entry of a list to choose from. */
export type Option<T> = {
  readonly value: T;
  readonly label: string;
  /** Found by a search too, shown smaller: the raw name behind a label, an address. */
  readonly detail?: string;
  /** Found by a search too, not shown: what was said about it. */
  readonly description?: string;
  /** At the right end: how often it occurs. */
  readonly hint?: string;
  readonly group?: string;
  /** Under which of the list's tabs it stands, beside the one for all. */
  readonly tab?: string;
  /** Not in the list before somebody looks for it: what is hidden. */
  readonly onlySearched?: boolean;
};

export type Range = readonly [start: number, end: number];

export type Match<T> = {
  readonly option: Option<T>;
  /** Parts of the label that matched, to be printed bold. */
  readonly marks: readonly Range[];
};

/**
 * Options that match the text, best first, within their groups' order: label begins with it, a word
 * begins with it, initials ("oc" finds "Order completed"), anywhere in the label or the detail, and
 * last with one letter mistyped (UX-E2). An empty text matches everything in the given order.
 */
export function searchOptions<T>(options: readonly Option<T>[], text: string): readonly Match<T>[] {
  const needle = text.trim().toLowerCase();
  if (needle === '') {
    return options
      .filter(({ onlySearched }) => onlySearched !== true)
      .map((option) => ({ option, marks: [] }));
  }
  const ranked: { match: Match<T>; rank: number; position: number }[] = [];
  for (const [position, option] of options.entries()) {
    const found = matchOption(option, needle);
    if (found !== null)
      ranked.push({ match: { option, marks: found.marks }, rank: found.rank, position });
  }
  ranked.sort((a, b) => a.rank - b.rank || a.position - b.position);
  return ranked.map((entry) => entry.match);
}

type Found = { readonly rank: number; readonly marks: readonly Range[] };

function matchOption<T>(option: Option<T>, needle: string): Found | null {
  const label = option.label.toLowerCase();
  const at = label.indexOf(needle);
  if (at === 0) return { rank: 0, marks: [[0, needle.length]] };
  if (at > 0) {
    const startsWord = !/[\p{L}\p{N}]/u.test(label[at - 1] ?? '');
    return { rank: startsWord ? 1 : 3, marks: [[at, at + needle.length]] };
  }
  const initials = initialsOf(label);
  if (needle.length > 1 && initials.text.startsWith(needle)) {
    return {
      rank: 2,
      marks: initials.positions.slice(0, needle.length).map((start) => [start, start + 1] as const),
    };
  }
  const isIn = (text: string | undefined): boolean => text?.toLowerCase().includes(needle) === true;
  if (isIn(option.detail) || isIn(option.description)) return { rank: 4, marks: [] };
  return needle.length >= 4 && hasOneTypo(label, needle) ? { rank: 5, marks: [] } : null;
}

function initialsOf(label: string): { text: string; positions: number[] } {
  const positions = [...label.matchAll(/[\p{L}\p{N}]+/gu)].map((word) => word.index);
  return { text: positions.map((start) => label[start]).join(''), positions };
}

/** True when some word run of the label differs from the needle by one letter more, less or other. */
function hasOneTypo(label: string, needle: string): boolean {
  for (let skip = 0; skip < needle.length; skip += 1) {
    const head = needle.slice(0, skip);
    const tail = needle.slice(skip + 1);
    for (let at = label.indexOf(head); at !== -1; at = label.indexOf(head, at + 1)) {
      const after = at + head.length;
      const extraLetter = label.startsWith(tail, after);
      const otherLetter = label.startsWith(tail, after + 1);
      const missingLetter = label.startsWith(needle.slice(skip), after + 1);
      if (extraLetter || otherLetter || missingLetter) return true;
      if (head === '') {
        if (label.includes(tail)) return true;
        break;
      }
    }
  }
  return false;
}
