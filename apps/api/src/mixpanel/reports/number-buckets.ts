/** Steps that people count in, between 1 and 10. */
const roundSteps = [1, 2, 2.5, 5, 10];
const bucketsMax = 10;

export interface NumberBuckets {
  /** A multiple of the step, at or below the smallest number. */
  readonly start: number;
  readonly step: number;
  /** Enough for the largest number to lie below the end of the last one. */
  readonly count: number;
}

/**
 * Buckets for numbers from `min` to `max` (`query-api.md` 4.2): at most ten, of the smallest step 1, 2, 2.5 or 5 × 10^k
 * with which that is so.
 */
export function numberBuckets(min: number, max: number): NumberBuckets {
  const rough = (max - min) / bucketsMax || 1;
  let power = Math.floor(Math.log10(rough));
  for (;;) {
    for (const round of roundSteps) {
      const step = Number(`${round}e${power}`);
      const first = Math.floor(min / step);
      const count = Math.floor(max / step) - first + 1;
      if (step >= rough && count <= bucketsMax)
        return { start: rounded(first * step), step, count };
    }
    power++;
  }
}

/** `2,000 - 2,100`: the lower end inside, the upper one outside. */
export function bucketName({ start, step }: NumberBuckets, index: number): string {
  return `${shown(start + index * step)} - ${shown(start + (index + 1) * step)}`;
}

const shown = (number: number): string =>
  rounded(number).toLocaleString('en-US', { maximumFractionDigits: 20 });

/** 0.1 + 0.2 is meant to be 0.3. */
export const rounded = (number: number): number => Number(number.toPrecision(12));
