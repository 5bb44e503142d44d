import type { Module } from './client.ts';
import { guard } from './guard.ts';

/** Where a queue's chunks stand in storage, whatever the project (`store.ts`, `queue.ts`). */
const chunkKey = /^arb_\w{6}_q_/;

/**
 * Where `fetch` cannot outlive its page (Firefox before 133), what is stored is given to `sendBeacon` when the
 * page goes, until the browser takes no more (SDK-T6). A beacon has no answer, so that all of it stays stored for
 * the next page, and the server drops one copy.
 */
export const beacon =
  (url: string): Module =>
  () => {
    if ('keepalive' in Request.prototype) return undefined;
    const leave = guard(() => {
      const keys = Object.keys(localStorage).filter((key) => chunkKey.test(key));
      keys.every((key) => navigator.sendBeacon(url, localStorage.getItem(key)));
    });
    // After the client's own listener, by which all that waits is stored.
    window.addEventListener('pagehide', leave, true);
    return () => window.removeEventListener('pagehide', leave, true);
  };
