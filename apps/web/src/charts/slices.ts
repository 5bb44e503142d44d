/** Slices of a donut: who has which share of the whole. */
export type SliceEntry = {
  readonly key: string;
  readonly name: string;
  readonly colour: string;
  readonly value: number | null;
};

export type Slice = {
  readonly entry: SliceEntry;
  readonly share: number;
  /** Turns from the top, clockwise. */
  readonly from: number;
  readonly to: number;
};

/** More cannot be told apart (`ux.md` 6.1). */
export const slicesMax = 12;
export const restKey = 'rest';

/**
 * The largest entries and, of all others together, one more. What is nothing, not there or below nothing is no part of a
 * whole and left out.
 */
export function slicesOf(entries: readonly SliceEntry[]): {
  readonly slices: readonly Slice[];
  /** Entries in the last slice; 0 = it is one as the others. */
  readonly rest: number;
  readonly total: number;
} {
  const parts = entries
    .filter(({ value }) => value !== null && value > 0)
    .toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const sumOf = (some: readonly SliceEntry[]): number =>
    some.reduce((sum, { value }) => sum + (value ?? 0), 0);
  const others = parts.slice(slicesMax);
  const shown = [
    ...parts.slice(0, slicesMax),
    ...(others.length === 0
      ? []
      : [{ key: restKey, name: 'Rest', colour: 'var(--ink-3)', value: sumOf(others) }]),
  ];
  const total = sumOf(parts);
  let from = 0;
  const slices = shown.map((entry) => {
    const share = (entry.value ?? 0) / total;
    const slice = { entry, share, from, to: from + share };
    from = slice.to;
    return slice;
  });
  return { slices, rest: others.length, total };
}

type Ring = { readonly radius: number; readonly hole: number };

/** The outline of a part of a ring. */
export function arcPath({ from, to, radius, hole }: Ring & Pick<Slice, 'from' | 'to'>): string {
  // A whole turn ends where it began, which is no arc at all: it is drawn as two halves.
  if (to - from > 0.999) {
    const circle = (r: number): string =>
      `M0 ${-r}A${r} ${r} 0 1 1 0 ${r}A${r} ${r} 0 1 1 0 ${-r}Z`;
    return `${circle(radius)}${circle(hole)}`;
  }
  const at = (turns: number, r: number): string => {
    const angle = turns * 2 * Math.PI;
    return `${(r * Math.sin(angle)).toFixed(2)} ${(-r * Math.cos(angle)).toFixed(2)}`;
  };
  const large = to - from > 0.5 ? 1 : 0;
  return (
    `M${at(from, radius)}A${radius} ${radius} 0 ${large} 1 ${at(to, radius)}` +
    `L${at(to, hole)}A${hole} ${hole} 0 ${large} 0 ${at(from, hole)}Z`
  );
}
