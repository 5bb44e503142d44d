/** One column of an average row; null = no complete row has anybody. */
export interface AverageColumn {
  readonly size: number | null;
  readonly count: number | null;
  readonly rate: number | null;
}

/**
 * The average of complete rows (reports.md 6.5): row i weighs p_i / Σp with the documented formula, so the rate
 * is Σc·p / Σp²; `pooled`: all rows weigh the same, so it is Σc / Σp.
 */
export function averageColumn(
  rows: readonly { readonly size: number; readonly count: number }[],
  weights: 'weighted' | 'pooled',
): AverageColumn {
  const total = rows.reduce((sum, { size }) => sum + size, 0);
  if (total === 0) return { size: null, count: null, rate: null };
  let size = 0;
  let count = 0;
  for (const row of rows) {
    // Weights first: what is summed up may be as large as a number can be.
    const weight = weights === 'weighted' ? row.size / total : 1 / rows.length;
    size += row.size * weight;
    count += row.count * weight;
  }
  return { size, count, rate: count / size };
}
