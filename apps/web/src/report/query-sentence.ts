import { isCohortFilter, reportFilterSchema, reportFilterSentence } from './question.ts';
import { rangeLabel, type RangeState } from './range.ts';

/** An unsaved report is named by what it asks and of when (UX-R4). */
export function titleWithRange(title: string, range: RangeState): string {
  const words = rangeLabel(range);
  // A name of a day or month keeps its capital, a preset stands inside of a sentence.
  return `${title}, ${'preset' in range ? words.slice(0, 1).toLowerCase() + words.slice(1) : words}`;
}

/** The question of a report in a sentence (UX-R5). `view` is its state, of whatever kind it is. */
export function querySentence(
  title: string,
  report: { readonly range: RangeState; readonly view: object; readonly timezone: string },
): string {
  const asked = `${titleWithRange(title, report.range)}, days of ${report.timezone}`;
  const filters = filterWords('filters' in report.view ? report.view.filters : []);
  return filters.length === 0 ? `${asked}.` : `${asked}, where ${filters.join(' and ')}.`;
}

/** A filter that this sentence has no words for is counted, never left out without a word. */
function filterWords(filters: unknown): string[] {
  if (!Array.isArray(filters)) return [];
  const words = filters.map((filter: unknown) => {
    const read = reportFilterSchema.safeParse(filter).data;
    return read === undefined || isCohortFilter(read) ? null : reportFilterSentence(read);
  });
  const unsaid = words.filter((text) => text === null).length;
  const said = words.filter((text) => text !== null);
  if (unsaid === 0) return said;
  return [...said, unsaid === 1 ? '1 more condition holds' : `${unsaid} more conditions hold`];
}
