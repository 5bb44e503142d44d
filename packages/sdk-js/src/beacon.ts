import type { Module, Properties } from './client.ts';
import { guard } from './guard.ts';

/** Where a queue's chunks stand in storage, whatever the project (`store.ts`, `queue.ts`). */
const chunkKey = /^arb_\w{6}_q_/;
/** What a page without storage captures is kept for its end up to here; a chunk holds as many. */
const keptMax = 500;
const bodyRecordsMax = 50;

/**
 * Where `fetch` cannot outlive its page (Firefox before 133), what is stored is given to `sendBeacon` when the
 * page goes, until the browser takes no more (SDK-T6). A beacon has no answer, so that all of it stays stored for
 * the next page, and the server drops one copy. Where nothing can be stored, it is what this page captured and has not sent.
 */
export const beacon =
  (url: string): Module =>
  (client) => {
    if ('keepalive' in Request.prototype) return undefined;
    const kept: Properties[] = [];
    const ends = [
      client.on('record', (record) => {
        if (kept.length < keptMax) kept.push(record);
      }),
      client.on('sent', ({ count }) => void kept.splice(0, Number(count))),
    ];
    const leave = guard(() => {
      const stored = storedBodies();
      const bodies = stored.length > 0 ? stored : bodiesOf(kept);
      bodies.every((body) => navigator.sendBeacon(url, body));
    });
    // After the client's own listener, by which all that waits is stored.
    window.addEventListener('pagehide', leave, true);
    return () => {
      window.removeEventListener('pagehide', leave, true);
      ends.forEach((end) => end());
    };
  };

function storedBodies(): string[] {
  try {
    const keys = Object.keys(localStorage).filter((key) => chunkKey.test(key));
    return keys.map((key) => localStorage.getItem(key) ?? '[]');
  } catch {
    // Denied.
    return [];
  }
}

function bodiesOf(records: readonly Properties[]): string[] {
  const bodies: string[] = [];
  for (let i = 0; i < records.length; i += bodyRecordsMax) {
    bodies.push(JSON.stringify(records.slice(i, i + bodyRecordsMax)));
  }
  return bodies;
}
