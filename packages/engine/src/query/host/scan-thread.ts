import { parentPort, workerData } from 'node:worker_threads';
import { must } from '../../base/assert.ts';
import { EngineError } from '../../base/errors.ts';
import { loadActivity } from './load-activity.ts';
import { loadEvent } from './load-event.ts';
import { OpenSegments } from './open-segments.ts';
import { readAhead } from './read-ahead.ts';
import { ScanJob } from './scan-job.ts';
import type {
  FromThread,
  Loaded,
  LoadOrder,
  ThreadFailure,
  ThreadSetup,
  ToThread,
} from './thread-messages.ts';
import { ThreadThings } from './thread-things.ts';

/** Entry of a scan thread: a turn of the event loop is one unit of one job, or some short ones, and jobs take turns. */

interface Job {
  readonly batches: LoadBatch[];
  scan: ScanJob | null;
}

interface LoadBatch {
  readonly id: number;
  readonly orders: readonly LoadOrder[];
  /** Of the orders that are done. */
  readonly loaded: (Loaded | null)[];
}

/** So long a job goes on before others, and messages, have their turn. */
const turnMs = 1;

const port = must(parentPort, 'the port to the scan host');
const setup = workerData as ThreadSetup;
const things = new ThreadThings(new OpenSegments(setup.openFilesMax));
/** The job whose turn it is comes first. */
const jobs = new Map<number, Job>();
let isScheduled = false;

port.on('message', (message: ToThread) => {
  take(message);
  schedule();
});

function take(message: ToThread): void {
  switch (message.type) {
    case 'share':
      for (const thing of message.things) things.add(thing);
      return;
    case 'drop':
      for (const id of message.ids) things.drop(id);
      return;
    case 'load':
      jobOf(message.job).batches.push({ id: message.id, orders: message.orders, loaded: [] });
      readAhead(message.orders, things.files);
      return;
    case 'scan': {
      const { order, chunk } = message;
      if (order !== null) jobOf(order.job).scan = new ScanJob(order, things);
      // The scan may have failed here before its next chunk came.
      jobs.get(chunk.job)?.scan?.begin(chunk);
      return;
    }
    case 'chosen':
      // The job may have been ended meanwhile.
      jobs.get(message.job)?.scan?.choose(message.chosen);
      return;
    case 'end':
      jobs.delete(message.job);
      say({ type: 'ended', job: message.job });
  }
}

function jobOf(id: number): Job {
  let job = jobs.get(id);
  if (job === undefined) jobs.set(id, (job = { batches: [], scan: null }));
  return job;
}

function schedule(): void {
  if (isScheduled || ![...jobs.values()].some(hasWork)) return;
  isScheduled = true;
  setImmediate(() => {
    isScheduled = false;
    turn();
    schedule();
  });
}

function turn(): void {
  for (const [id, job] of jobs) {
    if (!hasWork(job)) continue;
    // To the end of the line.
    jobs.delete(id);
    jobs.set(id, job);
    Atomics.store(setup.current, 0, id);
    try {
      work(id, job);
    } catch (error) {
      jobs.delete(id);
      say({ type: 'failed', job: id, error: failureOf(error) });
    }
    Atomics.store(setup.current, 0, 0);
    things.files.trim();
    return;
  }
}

function hasWork({ batches, scan }: Job): boolean {
  return batches.length > 0 || scan?.hasWork === true;
}

function work(id: number, job: Job): void {
  const [batch] = job.batches;
  if (batch !== undefined) return load(id, job, batch);
  const end = performance.now() + turnMs;
  let done = job.scan?.step();
  // Most units are so short that the way through the event loop would take longer.
  while (done === undefined && performance.now() < end) done = job.scan?.step();
  if (done === undefined) return;
  if (done.type === 'ranked') {
    say({ type: 'ranked', job: id, ranks: done.ranks });
    return;
  }
  if (done.isLast) jobs.delete(id);
  say({ type: 'scanned', job: id, partial: done.partial });
}

/** One order of the batch. */
function load(id: number, job: Job, { id: batch, orders, loaded }: LoadBatch): void {
  const order = orders[loaded.length];
  loaded.push(order.event === null ? loadActivity(order, things) : loadEvent(order, things));
  if (loaded.length < orders.length) return;
  say({ type: 'loaded', id: batch, job: id, loaded });
  job.batches.shift();
  if (job.batches.length === 0 && job.scan === null) jobs.delete(id);
}

function say(message: FromThread): void {
  port.postMessage(message);
}

function failureOf(error: unknown): ThreadFailure {
  const code = error instanceof EngineError ? error.code : null;
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return { code, message, stack };
}
