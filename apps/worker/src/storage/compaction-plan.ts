/** A file that may be merged with its neighbours of the same kind, project and day. */
export interface MergeableFile {
  readonly key: string;
  readonly bytes: number;
  readonly rowCount: number;
}

export interface MergeRules {
  /** So many files of a kind are merged in any case. */
  readonly countMax: number;
  /** Never more rows than this in one merge: what fits the memory of the thread. */
  readonly rowsMax: number;
  /** Nothing more is expected to come: leave one file. */
  readonly isQuiet: boolean;
}

/**
 * Which files to merge: the newest ones, back to the first that is more than twice as large as all after
 * it together. So a row is written again a logarithmic number of times while small files keep coming, and
 * few files stay. Quiet ones are merged all. Answers them oldest first; empty = leave them.
 *
 * `files`: oldest first. Only neighbours are merged, so the result takes the place of the last of them.
 */
export function planMerge<File extends MergeableFile>(
  files: readonly File[],
  { countMax, rowsMax, isQuiet }: MergeRules,
): readonly File[] {
  if (files.length < 2 || (!isQuiet && files.length < countMax)) return [];
  let first = files.length;
  let bytes = 0;
  let rows = 0;
  while (first > 0) {
    const next = files[first - 1];
    if (next === undefined || rows + next.rowCount > rowsMax) break;
    const isTooLarge = first < files.length && next.bytes > 2 * bytes;
    // At least two are merged, else the next look would find the same.
    if (isTooLarge && !isQuiet && files.length - first >= 2) break;
    bytes += next.bytes;
    rows += next.rowCount;
    first--;
  }
  return files.length - first >= 2 ? files.slice(first) : [];
}
