import type { LaneState } from '../ports.ts';

/** What of a lane's heavy projects may be under way at once, in records. */
export interface WindowBounds {
  readonly recordsMin: number;
  readonly recordsMax: number;
  /** The lane is to be no further behind than this. */
  readonly behindMsMax: number;
}

/** From being let in to lying in the queue, where its age is seen: a micro-batch and a sync of Redis. */
const sendingMs = 100;
const growth = 1.25;
const shrink = 0.7;

/**
 * How many records may be between the edge and storage so that the queues stay short whatever the machine does a second: the
 * window of TCP, with the age of the oldest record that is not stored in place of lost packets. What was let in before that
 * age is done; the window shrinks when it gets too old, and grows when the lane keeps up and someone waited for room.
 */
export class AdmissionWindow {
  readonly #bounds: WindowBounds;
  #records: number;
  /** What was let in and is not known to be done, the oldest first. */
  #underWay: { at: number; records: number }[] = [];
  #underWayRecords = 0;
  #shrunkAt = -Infinity;

  constructor(bounds: WindowBounds) {
    this.#bounds = bounds;
    this.#records = Math.min(bounds.recordsMax, 4 * bounds.recordsMin);
  }

  /** Where nothing is under way anything fits: a request is never larger than what can be taken at all. */
  fits(records: number): boolean {
    return this.#underWayRecords === 0 || this.#underWayRecords + records <= this.#records;
  }

  add(now: number, records: number): void {
    this.#underWay.push({ at: now, records });
    this.#underWayRecords += records;
  }

  /** What is known of the lane; `isWanted` = someone waits for room. */
  observe(now: number, { behindMs, at: seenAt }: LaneState, isWanted: boolean): void {
    const doneUntil = seenAt - behindMs - sendingMs;
    const left = this.#underWay.findIndex(({ at }) => at >= doneUntil);
    const gone = this.#underWay.splice(0, left < 0 ? this.#underWay.length : left);
    for (const { records } of gone) this.#underWayRecords -= records;
    const { recordsMin, recordsMax, behindMsMax } = this.#bounds;
    if (behindMs > behindMsMax) {
      // Once for what is behind, not at every look: it takes that long until a smaller window is felt.
      if (now - this.#shrunkAt < behindMs) return;
      this.#shrunkAt = now;
      this.#records = Math.max(recordsMin, this.#records * shrink);
    } else if (isWanted && behindMs < behindMsMax / 2) {
      this.#records = Math.min(recordsMax, this.#records * growth);
    }
  }
}
