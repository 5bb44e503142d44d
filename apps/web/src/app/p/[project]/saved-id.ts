import { savedIdSchema } from '@arbor/schema/saved-reports';

/** The number of a saved report or a board in a path; null for what is none. */
export function savedIdOf(part: string): number | null {
  return /^[1-9]\d*$/.test(part) ? (savedIdSchema.safeParse(Number(part)).data ?? null) : null;
}
