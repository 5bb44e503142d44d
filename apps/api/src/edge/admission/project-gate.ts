import { overloaded } from '../edge-failure.ts';
import type { Backpressure, EdgeOptions, IngestQueue } from '../ports.ts';
import { AdmissionWindow } from './admission-window.ts';
import { ProjectLines } from './project-lines.ts';
import { RollingMinute } from './rolling-minute.ts';

export type GateBounds = Pick<
  EdgeOptions,
  | 'projectEventsPerMinuteMax'
  | 'projectBytesPerMinuteMax'
  | 'lightRecordsPerSecond'
  | 'lightRecordsBurst'
  | 'heavyRecordsMin'
  | 'heavyRecordsMax'
  | 'heavyBehindMsMax'
  | 'heldLiveMsMax'
  | 'heldBulkMsMax'
  | 'jammedLiveMs'
  | 'heldBytesPerProjectMax'
>;

/** The part of a request that is of one project. */
export interface Admission {
  readonly queue: IngestQueue;
  readonly project: number;
  readonly records: number;
  readonly bytes: number;
  /** Its client keeps what is turned away for later, as browsers do. Scripts come back at once, and give up soon. */
  readonly comesBack: boolean;
}

interface Lane {
  readonly window: AdmissionWindow;
  readonly lines: ProjectLines;
}

interface Usage {
  readonly records: RollingMinute;
  readonly bytes: RollingMinute;
  /** What the project may send before it counts as heavy, and as of when. */
  lightLeft: number;
  lightAt: number;
}

const lookEveryMs = 100;
const forgetEveryMs = 60_000;

/**
 * Who may send how much, decided before anything is put on a queue.
 *
 * - Within the quota of a project, over the last minute; past it 429 says when there is room again.
 * - A project that sends little always passes.
 * - Those that send much share what the lane can take: as soon as the queues would get long their requests wait here, a line a
 *   project, and the projects take turns. So the queues, which know no projects, stay short, and whoever sends little is
 *   never behind a customer at full load. A line that is too long, or that does not move, is 429.
 *
 * Each process of the api counts for itself: with n of them behind a balancer a project has up to n quotas.
 */
export class ProjectGate {
  readonly #backpressure: Pick<Backpressure, 'stateOf'>;
  readonly #clock: () => number;
  readonly #bounds: GateBounds;
  readonly #usage = new Map<number, Usage>();
  readonly #lanes: Readonly<Record<IngestQueue, Lane>>;
  #timer: NodeJS.Timeout | undefined;
  #isClosing = false;
  #forgotAt = 0;

  constructor(options: {
    backpressure: Pick<Backpressure, 'stateOf'>;
    clock: () => number;
    bounds: GateBounds;
  }) {
    this.#backpressure = options.backpressure;
    this.#clock = options.clock;
    this.#bounds = options.bounds;
    this.#lanes = { live: this.#lane(), bulk: this.#lane() };
  }

  /** Bytes of requests that wait here. */
  get heldBytes(): number {
    return this.#lanes.live.lines.bytes + this.#lanes.bulk.lines.bytes;
  }

  /**
   * Resolves when the records may be sent, with the lane to send them by: those of a project that sends little have nothing to
   * wait for behind imports. Rejects with `EdgeFailure` when the client must come back.
   */
  async admit(admission: Admission): Promise<IngestQueue> {
    const now = this.#clock();
    const usage = this.#usageOf(admission.project, now);
    this.#refuseOverQuota(usage, admission, now);
    usage.records.add(now, admission.records);
    usage.bytes.add(now, admission.bytes);
    try {
      return await this.#letIn(usage, admission, now);
    } catch (error) {
      // What was turned away was not taken: a project that sends more than the machine takes is not over its quota for it.
      const later = this.#clock();
      usage.records.takeBack(later, now, admission.records);
      usage.bytes.takeBack(later, now, admission.bytes);
      throw error;
    }
  }

  /** The lane by which the records go, when it is their turn. */
  async #letIn(usage: Usage, admission: Admission, now: number): Promise<IngestQueue> {
    if (this.#passesAsLight(usage, admission.records, now)) return 'live';
    const { queue } = admission;
    if (this.#isClosing) return queue;
    const { window, lines } = this.#lanes[queue];
    this.#look(now);
    if (lines.isEmpty && window.fits(admission.records)) window.add(now, admission.records);
    else await this.#wait(admission, now);
    return queue;
  }

  /** Lets everybody in who waits, from now on at once: the process ends, and what it has read it sends. */
  drain(): void {
    this.#isClosing = true;
    clearInterval(this.#timer);
    for (const { lines } of Object.values(this.#lanes)) lines.serve(() => true);
  }

  #refuseOverQuota({ records, bytes }: Usage, admission: Admission, now: number): void {
    const { projectEventsPerMinuteMax, projectBytesPerMinuteMax } = this.#bounds;
    const ms = Math.max(
      records.msUntil(now, Math.max(0, projectEventsPerMinuteMax - admission.records)),
      bytes.msUntil(now, Math.max(0, projectBytesPerMinuteMax - admission.bytes)),
    );
    if (ms > 0) throw overloaded(ms / 1000);
  }

  /** A bucket of tokens: small projects, and large ones that send little now. */
  #passesAsLight(usage: Usage, records: number, now: number): boolean {
    const { lightRecordsPerSecond, lightRecordsBurst } = this.#bounds;
    const earned = (Math.max(0, now - usage.lightAt) * lightRecordsPerSecond) / 1000;
    usage.lightLeft = Math.min(lightRecordsBurst, usage.lightLeft + earned);
    usage.lightAt = now;
    if (usage.lightLeft < records) return false;
    usage.lightLeft -= records;
    return true;
  }

  #wait(admission: Admission, now: number): Promise<void> {
    const { queue, records, bytes, comesBack } = admission;
    const { lines } = this.#lanes[queue];
    const { heldBytesPerProjectMax, heldLiveMsMax, heldBulkMsMax, jammedLiveMs } = this.#bounds;
    const line = lineOf(admission);
    // A line that does not get shorter makes all of it late, and turns as many away in the end.
    if (comesBack && now - (lines.oldestOf(line) ?? now) > jammedLiveMs) {
      throw overloaded(retryAfterSeconds);
    }
    if (lines.bytesOf(line) + bytes > heldBytesPerProjectMax && lines.bytesOf(line) > 0) {
      throw overloaded(retryAfterSeconds);
    }
    this.#timer ??= setInterval(() => this.#look(this.#clock()), lookEveryMs);
    return new Promise((resolve, reject) => {
      lines.add(line, {
        records,
        bytes,
        since: now,
        until: now + (comesBack ? heldLiveMsMax : heldBulkMsMax),
        letIn: resolve,
        turnAway: () => reject(overloaded(retryAfterSeconds)),
      });
    });
  }

  #look(now: number): void {
    for (const queue of ['live', 'bulk'] as const) {
      const { window, lines } = this.#lanes[queue];
      window.observe(now, this.#backpressure.stateOf(queue), !lines.isEmpty);
      lines.serve(({ records }) => {
        const fits = window.fits(records);
        if (fits) window.add(now, records);
        return fits;
      });
      lines.turnAwayAfter(now);
    }
    if (Object.values(this.#lanes).some(({ lines }) => !lines.isEmpty)) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #lane(): Lane {
    const { heavyRecordsMin, heavyRecordsMax, heavyBehindMsMax } = this.#bounds;
    const window = new AdmissionWindow({
      recordsMin: heavyRecordsMin,
      recordsMax: heavyRecordsMax,
      behindMsMax: heavyBehindMsMax,
    });
    return { window, lines: new ProjectLines() };
  }

  #usageOf(project: number, now: number): Usage {
    if (now - this.#forgotAt > forgetEveryMs) this.#forgetIdle(now);
    let usage = this.#usage.get(project);
    if (usage === undefined) {
      const lightLeft = this.#bounds.lightRecordsBurst;
      usage = { records: new RollingMinute(), bytes: new RollingMinute(), lightLeft, lightAt: now };
      this.#usage.set(project, usage);
    }
    return usage;
  }

  /** Who sent nothing for a minute is as one who never did. */
  #forgetIdle(now: number): void {
    this.#forgotAt = now;
    for (const [project, { records }] of this.#usage) {
      if (records.total(now) === 0) this.#usage.delete(project);
    }
  }
}

const retryAfterSeconds = 5;

/** Browsers and scripts of a project do not wait behind each other: neither waits as long as the other one. */
const lineOf = ({ project, comesBack }: Admission): number => 2 * project + (comesBack ? 1 : 0);
