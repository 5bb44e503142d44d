import type { Module } from './client.ts';
import { guard } from './guard.ts';

/** The metrics of one page, ms but for the shift of the layout, which is a score. */
interface Vitals {
  $ttfb_ms?: number;
  $fcp_ms?: number;
  $lcp_ms?: number;
  $inp_ms?: number;
  $cls?: number;
}

interface Shift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
}
interface Interaction extends PerformanceEntry {
  readonly interactionId?: number;
}

/** Shifts closer together than that make one window, which lasts no longer than the other (the metric's definition). */
const shiftGapMs = 1000;
const shiftWindowMs = 5000;
/** Of every so many interactions the slowest one is left out (the metric's definition). */
const interactionsPerOutlier = 50;
/** Shorter ones are fast; the browser need not tell of them. */
const interactionFromMs = 40;

/**
 * How fast the page was, as one event `$web_vitals` when it is first hidden: time to first byte, first and
 * largest contentful paint, interaction to next paint, cumulative layout shift (`browser-sdk.md` 2). What a
 * browser does not measure is left out.
 */
export function vitals(): Module {
  return (client) => {
    const found: Vitals = {};
    const observers: PerformanceObserver[] = [];
    /** Slowest first; one entry an interaction. */
    let slowest: { id: number; ms: number }[] = [];
    let shifts = { start: -Infinity, last: -Infinity, sum: 0 };
    let isHidden = document.hidden;

    const observe = (type: string, see: (entry: PerformanceEntry) => void, more = {}): void => {
      try {
        const observer = new PerformanceObserver((list) => list.getEntries().forEach(guard(see)));
        observer.observe({ type, buffered: true, ...more });
        observers.push(observer);
      } catch {
        // The browser does not know this kind.
      }
    };
    const see = (): void => {
      observe('paint', ({ name, startTime }) => {
        if (name === 'first-contentful-paint') found.$fcp_ms = Math.round(startTime);
      });
      observe('largest-contentful-paint', ({ startTime }) => {
        found.$lcp_ms = Math.round(startTime);
      });
      found.$cls = 0;
      observe('layout-shift', (entry) => {
        const { startTime, value, hadRecentInput } = entry as Shift;
        if (hadRecentInput) return;
        const { start, last, sum } = shifts;
        const goesOn = startTime - last < shiftGapMs && startTime - start < shiftWindowMs;
        shifts = goesOn
          ? { start, last: startTime, sum: sum + value }
          : { start: startTime, last: startTime, sum: value };
        found.$cls = Math.max(found.$cls ?? 0, Math.round(shifts.sum * 10_000) / 10_000);
      });
      observe(
        'event',
        (entry) => {
          const { interactionId: id, duration } = entry as Interaction;
          if (!id) return;
          const known = slowest.find((one) => one.id === id);
          if (known) known.ms = Math.max(known.ms, duration);
          else slowest.push({ id, ms: duration });
          slowest = slowest.sort((a, b) => b.ms - a.ms).slice(0, 10);
        },
        { durationThreshold: interactionFromMs },
      );
    };
    const tell = (): void => {
      if (isHidden || !document.hidden) return;
      isHidden = true;
      const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      if (entry?.responseStart) found.$ttfb_ms = Math.round(entry.responseStart);
      const { interactionCount = 0 } = performance as { interactionCount?: number };
      const rank = Math.min(
        slowest.length - 1,
        Math.floor(interactionCount / interactionsPerOutlier),
      );
      const slow = slowest[rank];
      if (slow) found.$inp_ms = Math.round(slow.ms);
      client.track('$web_vitals', { ...found });
    };
    const stop = (): void => {
      observers.forEach((observer) => observer.disconnect());
      window.removeEventListener('visibilitychange', onHidden, true);
    };
    const onHidden = guard(() => {
      tell();
      if (isHidden) stop();
    });
    // A page that was opened in the background says nothing about its speed.
    if (!isHidden) see();
    // At the window, so that it is told before the client says farewell.
    window.addEventListener('visibilitychange', onHidden, true);
    return stop;
  };
}
// What the tag loads.
export default vitals;
