/** 6.5 word for word: weights are sizes over their sum; `pooled`: all rows weigh the same. */
export function averageOf(
  rows: readonly { readonly size: number; readonly count: number }[],
  weights: 'weighted' | 'pooled',
): { size: number | null; count: number | null; rate: number | null } {
  const total = rows.reduce((sum, { size }) => sum + size, 0);
  if (total === 0) return { size: null, count: null, rate: null };
  const weightOf = ({ size }: { size: number }): number =>
    weights === 'weighted' ? size / total : 1 / rows.length;
  const size = rows.reduce((sum, row) => sum + row.size * weightOf(row), 0);
  const count = rows.reduce((sum, row) => sum + row.count * weightOf(row), 0);
  return { size, count, rate: count / size };
}
