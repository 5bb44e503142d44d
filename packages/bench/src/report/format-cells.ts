/** A time as a person reads it: three digits are enough to compare. */
export function formatMs(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return '–';
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return ms >= 100 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`;
}

export function formatMb(megabytes: number | null | undefined): string {
  return megabytes === null || megabytes === undefined || Number.isNaN(megabytes)
    ? '–'
    : `${megabytes.toFixed(0)} MB`;
}

export function formatRatio(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) return '–';
  return `${ratio.toFixed(ratio < 10 ? 1 : 0)}×`;
}

/** Rows of cells as a Markdown table; the first row is its head. Numbers are to the right. */
export function markdownTable(rows: readonly (readonly string[])[], textColumns: number): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) =>
    Math.max(3, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const cellOf = (row: readonly string[], column: number): string => {
    const cell = row[column] ?? '';
    return column < textColumns ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  };
  const line = (row: readonly string[]): string =>
    `| ${head.map((_, column) => cellOf(row, column)).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column < textColumns ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...body.map(line)].join('\n');
}
