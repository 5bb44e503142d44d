import type { ReportType } from '@arbor/schema/saved-reports';
import { z } from 'zod';
import { viewOfType } from './report-types.ts';

/** A report that nobody saved, as it was left (UX-R8). */
export type Draft = {
  /** Differs from that of every other draft. */
  readonly id: string;
  readonly type: ReportType;
  readonly name: string;
  /** The state of its view. */
  readonly view: Readonly<Record<string, unknown>>;
  readonly changedMs: number;
};

/** As many as are kept of a user and project. */
export const draftsMax = 20;

const typeNames = Object.keys(viewOfType) as [ReportType, ...ReportType[]];
const draftsSchema = z.array(
  z.object({
    id: z.string(),
    type: z.enum(typeNames),
    name: z.string(),
    view: z.record(z.string(), z.unknown()),
    changedMs: z.number(),
  }),
);

/** What a browser kept; what it cannot read any more is none. */
export function parseDrafts(text: string | null): readonly Draft[] {
  if (text === null) return [];
  try {
    return draftsSchema.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}

/** With a draft as it is now, the latest first; the oldest go. */
export function withDraft(drafts: readonly Draft[], draft: Draft): readonly Draft[] {
  return [draft, ...drafts.filter(({ id }) => id !== draft.id)].slice(0, draftsMax);
}

export function withoutDraft(drafts: readonly Draft[], id: string): readonly Draft[] {
  return drafts.filter((draft) => draft.id !== id);
}
