import fs from 'node:fs';
import path from 'node:path';
import { addDays } from '@arbor/demo-world/local-day';
import { demoProject } from '@arbor/demo-world/demo-project';
import type { DemoEvent } from '@arbor/demo-world/record';
import { truthOf, type Truth } from '@arbor/demo-world/truth';
import { createWorld } from '@arbor/demo-world/world';
import { queryAnswerSchema } from '@arbor/schema/result';
import { until } from './wait.ts';

export interface DemoTruth {
  readonly truth: Truth;
  /** The first day of the history, and one so long before its end that no window reaches today. */
  readonly from: string;
  readonly to: string;
}

/**
 * The known numbers of the demo world that a stack has loaded. Waits until its history is in: the
 * dashboard may be looked at before, but its numbers still grow.
 */
export async function loadDemoTruth(apiUrl: string, dataDir: string): Promise<DemoTruth> {
  const file = path.join(dataDir, 'demo.json');
  const { seed, endDay } = await until(
    async () => JSON.parse(fs.readFileSync(file, 'utf8')) as { seed: number; endDay: string },
    () => true,
  );
  const events: DemoEvent[] = [];
  let from = '';
  for (const chunk of createWorld({ seed, endDay })) {
    from ||= chunk.day;
    for (const event of chunk.events) events.push(event);
  }
  const truth = truthOf(events, demoProject.timezone);
  const whole = { event: null, from, to: endDay };
  const expected = truth.total(whole);
  await until(
    () => countAnyEvent(apiUrl, from, endDay),
    (total) => total === expected,
    { timeoutMs: 240_000, everyMs: 1000 },
  );
  return { truth, from, to: addDays(endDay, -10) };
}

/** As a visitor without an account, who may read the demo project. */
async function countAnyEvent(apiUrl: string, from: string, to: string): Promise<number | null> {
  const response = await fetch(new URL(`/api/v1/query?project_id=${demoProject.id}`, apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'insights',
      range: { from, to },
      unit: 'month',
      metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
    }),
  });
  const { result } = queryAnswerSchema.parse(await response.json());
  return result.type === 'insights' ? (result.series[0]?.total ?? null) : null;
}
