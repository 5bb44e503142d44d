import type { AttributionModel } from '@arbor/schema/query';

/** The share of each touch, the earliest first (14.6); of `participation` the values share, not the touches. */
export function touchShares(model: AttributionModel, agesMs: readonly number[]): number[] {
  const count = agesMs.length;
  const between = (first: number, middle: number, last: number): number[] =>
    agesMs.map((_, i) => {
      if (count === 1) return 1;
      if (i === 0) return first;
      return i === count - 1 ? last : middle / (count - 2);
    });
  switch (model.type) {
    case 'first':
      return agesMs.map((_, i) => (i === 0 ? 1 : 0));
    case 'last':
      return agesMs.map((_, i) => (i === count - 1 ? 1 : 0));
    case 'linear':
      return agesMs.map(() => 1 / count);
    case 'participation':
      return agesMs.map(() => 1);
    case 'time_decay': {
      const weights = agesMs.map((ageMs) => 2 ** (-ageMs / (7 * 24 * 3_600_000)));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return weights.map((weight) => weight / sum);
    }
    case 'u_shaped':
      return count === 2 ? [0.5, 0.5] : between(0.4, 0.2, 0.4);
    case 'j_shaped':
      return count === 2 ? [0.25, 0.75] : between(0.2, 0.2, 0.6);
    case 'inverse_j':
      return count === 2 ? [0.75, 0.25] : between(0.6, 0.2, 0.2);
    case 'custom': {
      const { first, middle, last } = model;
      if (count !== 2) {
        const all = first + middle + last;
        return between(first / all, middle / all, last / all);
      }
      return first + last === 0 ? [0.5, 0.5] : [first / (first + last), last / (first + last)];
    }
  }
}
