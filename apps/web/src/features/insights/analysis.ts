import { z } from 'zod';

/** What happens to the values of each metric after they are measured (`ux.md` UX-C10); null = they stay as they are. */
export const analysisSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('rolling'), buckets: z.number().int().min(2).max(366) }),
  z.object({ type: z.literal('cumulative') }),
]);
export type Analysis = z.infer<typeof analysisSchema>;

export type AnalysisChoice = {
  readonly value: string;
  readonly label: string;
  readonly analysis: Analysis | null;
};

/** A week of days is what most want to see through. */
const rollingOffered: readonly number[] = [7, 3, 14, 28];

const choiceOf = (analysis: Analysis | null): AnalysisChoice => ({
  value: analysisValue(analysis),
  label: analysisLabel(analysis) ?? 'Linear',
  analysis,
});

/** What is offered, and what a link brought along. */
export function analysisChoices(chosen: Analysis | null): readonly AnalysisChoice[] {
  const offered = [
    null,
    ...rollingOffered.map((buckets) => ({ type: 'rolling', buckets }) as const),
    { type: 'cumulative' } as const,
  ].map(choiceOf);
  const own = choiceOf(chosen);
  return offered.some(({ value }) => value === own.value) ? offered : [...offered, own];
}

export function analysisValue(analysis: Analysis | null): string {
  if (analysis === null) return 'linear';
  return analysis.type === 'rolling' ? `rolling ${analysis.buckets}` : 'cumulative';
}

/** As it stands in the report's name; null = nothing happens to the values. */
export function analysisLabel(analysis: Analysis | null): string | null {
  if (analysis === null) return null;
  return analysis.type === 'rolling' ? `Rolling mean of ${analysis.buckets}` : 'Running sum';
}

/** The same as queries say it of a metric. */
export function askedAnalysis(
  analysis: Analysis | null,
): { readonly rolling: number } | { readonly cumulative: true } | Record<never, never> {
  if (analysis === null) return {};
  return analysis.type === 'rolling' ? { rolling: analysis.buckets } : { cumulative: true };
}
