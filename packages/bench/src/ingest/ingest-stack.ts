import type { InsightsResult } from '@arbor/schema/result';
import { queryAnswerSchema } from '@arbor/schema/result';
import type { QueryInput } from '@arbor/schema/query';
import { benchProject } from '../arbor/bench-project.ts';
import { post } from '../arbor/post.ts';

const dayMs = 86_400_000;
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const credentials = Buffer.from(`${benchProject.secret}:`).toString('base64');
const headers = { 'content-type': 'application/json', authorization: `Basic ${credentials}` };

/** Asks as a script would; `zone` pins the replicas of one zone. */
async function ask(apiUrl: string, query: QueryInput, zone?: string): Promise<InsightsResult> {
  const url = new URL(`/api/v1/query?project_id=${benchProject.id}`, apiUrl);
  if (zone !== undefined) url.searchParams.set('zone', zone);
  const { status, text } = await post(url, headers, JSON.stringify(query));
  if (status !== 200) throw new Error(`POST /api/v1/query: ${status} ${text}`);
  return queryAnswerSchema.parse(JSON.parse(text)).result as InsightsResult;
}

/** Which of the events, by name, can be queried now. */
export async function queryableOf(
  apiUrl: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const selector = { anyOf: names.map((event) => ({ event })) };
  const now = Date.now();
  const { series } = await ask(apiUrl, {
    type: 'insights',
    range: { from: dateOf(now - dayMs), to: dateOf(now) },
    unit: 'day',
    breakdowns: [{ property: { scope: 'event', name: '$event_name' } }],
    segmentsMax: names.length,
    metrics: [{ selector, measure: { type: 'total' } }],
  });
  return new Set(series.flatMap(({ segment }) => (segment === null ? [] : [segment.text])));
}

/** Events of all names that one zone has. */
export async function totalOf(apiUrl: string, zone: string): Promise<number> {
  const now = Date.now();
  const { series } = await ask(
    apiUrl,
    {
      type: 'insights',
      range: { from: dateOf(now - dayMs), to: dateOf(now) },
      unit: 'day',
      metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
    },
    zone,
  );
  return series[0]?.total ?? 0;
}
