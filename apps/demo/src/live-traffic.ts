import type { LiveRecord } from '@arbor/demo-world/live-visitors';
import type { Customer } from './customer.ts';
import { pause } from './pause.ts';

/** Records that fall due this close together travel in one request. */
const companyMs = 250;
const recordsMax = 200;

/**
 * Sends the visitors' records as they happen, until the signal is aborted. While the API is away the
 * records in hand wait and the visitors stand still; afterwards the shop goes on in the present.
 */
export async function runLiveTraffic(options: {
  visitors: Iterator<LiveRecord, never, undefined>;
  customer: Customer;
  clock: () => number;
  signal: AbortSignal;
  /** All records before this instant have been taken. */
  onCovered: (until: number) => Promise<void>;
  wait?: typeof pause;
}): Promise<void> {
  const { visitors, customer, clock, signal, onCovered, wait = pause } = options;
  let next = visitors.next().value;
  while (!signal.aborted) {
    const ahead = next.at - clock();
    if (ahead > 0) await wait(ahead, signal);
    const batch: LiveRecord[] = [];
    while (next.at <= clock() + companyMs && batch.length < recordsMax) {
      batch.push(next);
      next = visitors.next().value;
    }
    // The last of them may be due in a moment: nothing is sent before it happened.
    const lead = (batch.at(-1)?.at ?? 0) - clock();
    if (lead > 0) await wait(lead, signal);
    await send(batch, customer);
    await onCovered(clock());
  }
}

async function send(batch: readonly LiveRecord[], customer: Customer): Promise<void> {
  const events = batch.flatMap((record) => (record.kind === 'event' ? [record.event] : []));
  const people = batch.flatMap((record) => (record.kind === 'person' ? [record.person] : []));
  if (events.length > 0) await customer.track(events);
  if (people.length > 0) await customer.updatePeople(people);
}
