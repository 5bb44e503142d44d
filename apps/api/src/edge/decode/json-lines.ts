/** Stands in the place of a record for a line that is not JSON, so that indexes stay those of lines. */
export class BrokenLine {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/**
 * One record a line; blank lines are not counted (`ingestion-api.md` 3.4). Stops after `linesMax + 1`
 * records, which is enough to know that there are too many.
 */
export function parseJsonLines(text: string, linesMax: number): unknown[] {
  const records: unknown[] = [];
  let start = 0;
  while (start < text.length && records.length <= linesMax) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).trim();
    if (line !== '') records.push(parseLine(line));
    start = end + 1;
  }
  return records;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (error) {
    return new BrokenLine(error instanceof Error ? error.message : String(error));
  }
}
