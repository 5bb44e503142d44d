/**
 * What programs print where they have no id (`ingestion-api.md` 3.2): one such value would merge
 * strangers. The edge refuses them where the protocol says so, the identity map never links them.
 */
const forbidden: ReadonlySet<string> = new Set([
  '00000000-0000-0000-0000-000000000000',
  'anon',
  'anonymous',
  'nil',
  'none',
  'null',
  'n/a',
  'na',
  'undefined',
  'unknown',
  '<nil>',
  '0',
  '-1',
  'true',
  'false',
  '[]',
  '{}',
]);

/** Compared without regard to case. The list is ASCII and short, so long ids are not lowered. */
export function isForbiddenId(id: string): boolean {
  return id.length <= 36 && forbidden.has(id.toLowerCase());
}
