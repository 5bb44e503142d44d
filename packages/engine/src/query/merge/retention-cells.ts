import { ExactSum } from './numbers.ts';
import type { RetentionCells } from './partial.ts';

/** What cells of one table, of users who do not overlap, come to together. */
export function combineRetentionCells(all: readonly RetentionCells[]): RetentionCells {
  const lists = new Map<number, { size: number; lines: Line[] }>();
  for (const { cohorts, sizes, counts, corrections } of all) {
    for (const [i, cohort] of cohorts.entries()) {
      const line = { counts: counts[i], corrections: corrections?.[i] };
      const known = lists.get(cohort);
      if (known === undefined) lists.set(cohort, { size: sizes[i], lines: [line] });
      else {
        known.size += sizes[i];
        known.lines.push(line);
      }
    }
  }
  const ordered = [...lists].sort(([left], [right]) => left - right);
  const merged = ordered.map(([, { lines }]) => combineLines(lines));
  const corrections = merged.flatMap((line) => (line.corrections ? [line.corrections] : []));
  return {
    cohorts: ordered.map(([cohort]) => cohort),
    sizes: ordered.map(([, { size }]) => size),
    counts: merged.map(({ counts }) => counts),
    ...(all.some((cells) => cells.corrections !== undefined) ? { corrections } : {}),
  };
}

/** Cells of one cohort, by interval; with numbers also what rounding took from them. */
interface Line {
  readonly counts: readonly number[];
  readonly corrections: readonly number[] | undefined;
}

function combineLines(lines: readonly Line[]): Line {
  const [first] = lines;
  if (lines.length === 1) return first;
  if (first.corrections === undefined) {
    const counts = first.counts.map((_, n) => lines.reduce((sum, own) => sum + own.counts[n], 0));
    return { counts, corrections: undefined };
  }
  const sums = first.counts.map((_, n) => {
    const sum = new ExactSum();
    for (const { counts, corrections } of lines) {
      sum.add(counts[n]);
      sum.add(corrections?.[n] ?? 0);
    }
    return sum;
  });
  return {
    counts: sums.map((sum) => sum.rounded),
    corrections: sums.map((sum) => sum.correction),
  };
}
