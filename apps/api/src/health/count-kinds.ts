import { ingestSourceSchema } from '@arbor/schema/ingest';
import {
  lossReasonSchema,
  type IngestionHealth,
  type Refusal,
} from '@arbor/schema/ingestion-health';
import { z } from 'zod';
import { acceptedField } from '@arbor/queue/count-keys';

/** The fields of a project's hours (`count-keys.ts`), read back. */
const kindSchema = z.union([
  z.tuple([z.literal('a'), ingestSourceSchema, z.string()]),
  z.tuple([z.literal('r'), ingestSourceSchema, z.string(), z.string(), z.string()]),
  z.tuple([z.literal('d'), lossReasonSchema]),
]);

/** By field: how many, as Redis says it. */
type Kinds = Readonly<Record<string, string>>;

/** What was accepted in all of the hours, by source and library, most frequent first. */
export function bySource(hours: readonly Kinds[], last: Kinds): IngestionHealth['sources'] {
  const sources = [...summed(hours)].flatMap(([field, accepted]) => {
    const kind = kindOf(field);
    if (kind?.[0] !== 'a') return [];
    const [, source, library] = kind;
    const lastText = last[acceptedField({ source, library })];
    return [
      { source, library, accepted, lastMs: lastText === undefined ? null : Number(lastText) },
    ];
  });
  return sources.sort((a, b) => b.accepted - a.accepted || compareTexts(a.library, b.library));
}

/** What was refused in all of the hours, by reason, most frequent first. */
export function refusalsOf(hours: readonly Kinds[]): Refusal[] {
  const refusals = [...summed(hours)].flatMap(([text, count]): Refusal[] => {
    const kind = kindOf(text);
    if (kind?.[0] !== 'r') return [];
    const [, source, code, field, reason] = kind;
    return [{ source, code, field, reason, count }];
  });
  return refusals.sort((a, b) => b.count - a.count || compareTexts(a.reason, b.reason));
}

/** What browsers gave up in all of the hours, by reason, most frequent first. */
export function lossesOf(hours: readonly Kinds[]): IngestionHealth['lost'] {
  const lost = [...summed(hours)].flatMap(([text, count]) => {
    const kind = kindOf(text);
    return kind?.[0] === 'd' ? [{ reason: kind[1], count }] : [];
  });
  return lost.sort((a, b) => b.count - a.count || compareTexts(a.reason, b.reason));
}

function summed(hours: readonly Kinds[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kinds of hours) {
    for (const [field, text] of Object.entries(kinds)) {
      counts.set(field, (counts.get(field) ?? 0) + Number(text));
    }
  }
  return counts;
}

/** Null = something else wrote it. */
function kindOf(field: string): z.infer<typeof kindSchema> | null {
  try {
    const parsed = kindSchema.safeParse(JSON.parse(field));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
