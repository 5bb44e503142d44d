import { demoProject, demoSeed } from '@arbor/demo-world/demo-project';
import { createLiveVisitors } from '@arbor/demo-world/live-visitors';
import { addDays, dayOf } from '@arbor/demo-world/local-day';
import { startHealthServer } from '@arbor/runtime/health-server';
import { createLogger } from '@arbor/runtime/logger';
import { crashOnUncaught, onShutdown } from '@arbor/runtime/shutdown';
import { catchUp } from './catch-up.ts';
import { readDemoConfig } from './config.ts';
import { createCustomer } from './customer.ts';
import { loadHistory } from './load-history.ts';
import { runLiveTraffic } from './live-traffic.ts';
import type { DemoProgress } from './progress-file.ts';
import { openProgressFile } from './progress-file.ts';

const saveEveryMs = 10_000;

const config = readDemoConfig(process.env);
const logger = createLogger({
  name: config.ARBOR_NAME,
  level: config.ARBOR_LOG,
  file: config.ARBOR_LOG_FILE,
});
crashOnUncaught(logger);

const stop = new AbortController();
const file = openProgressFile(config.ARBOR_DATA_DIR);
const customer = createCustomer({
  apiUrl: config.ARBOR_API_URL,
  signal: stop.signal,
  onTrouble: (reason) => logger.debug({ reason }, 'the api does not take records, trying again'),
  onRefused: ({ status, text }) =>
    logger.error({ status, answer: text.slice(0, 500) }, 'the api refused records of the demo'),
});

let state = 'loading the history';
const health = await startHealthServer({
  host: config.ARBOR_HOST,
  port: config.ARBOR_PORT,
  ready: () => Promise.resolve({ ok: state === 'ok', parts: { demo: state } }),
});
onShutdown('health server', () => health.close());

const running = run().catch((error: unknown) => {
  if (stop.signal.aborted) return;
  throw error;
});
onShutdown('demo', () => {
  stop.abort(new Error('the demo is stopped'));
  return running;
});
await running;

/** First the past, then what was missed, then the present without end. */
async function run(): Promise<void> {
  let progress = (await file.read()) ?? begin();
  await file.write(progress);
  const save = (next: DemoProgress): Promise<void> => file.write(next);
  const { signal } = stop;
  progress = await loadHistory({ progress, customer, save, signal, onProgress: reportProgress });
  progress = await catchUp({ progress, customer, save, signal, now: Date.now() });
  state = 'ok';
  logger.info({ endDay: progress.endDay }, 'the demo world is loaded, live traffic begins');

  const { seed, endDay } = progress;
  const visitors = createLiveVisitors({
    // Another one in each run, so that no insert id comes twice.
    seed: Math.floor(Date.now() / 1000),
    world: { seed, endDay },
    clock: Date.now,
  });
  let saved = Date.now();
  const onCovered = async (coveredUntil: number): Promise<void> => {
    if (coveredUntil - saved < saveEveryMs) return;
    saved = coveredUntil;
    await save({ ...progress, coveredUntil });
  };
  return runLiveTraffic({ visitors, customer, clock: Date.now, signal, onCovered });
}

/** The history ends with yesterday, as the project's zone sees it. */
function begin(): DemoProgress {
  const endDay = addDays(dayOf(Date.now(), demoProject.timezone), -1);
  return { version: 1, seed: demoSeed, endDay, daysLoaded: 0, coveredUntil: null };
}

/** The supervisor turns these lines into a progress bar. */
function reportProgress(done: number, total: number): void {
  process.stdout.write(`@progress ${JSON.stringify({ label: 'Demo world, days', done, total })}\n`);
}
