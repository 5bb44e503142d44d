import { Temporal } from 'temporal-polyfill';

/** Between two changes of a zone's offset. */
interface Stretch {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  readonly offsetMs: number;
}

const dayMs = 86_400_000;

/** Two changes a year for half a century; more are found again when they are asked for. */
const stretchesMax = 100;

/**
 * What clocks on the wall of one zone show. Asking a zone costs microseconds, and dates in properties come by
 * the million: stretches of one offset are kept, and the last one is mostly right again.
 *
 * "Wall" are the ms of a local date and time as though it were one of UTC.
 */
export class ZoneClock {
  readonly #timezone: string;
  readonly #stretches: Stretch[] = [];
  #last: Stretch = { startMs: 0, endMs: 0, offsetMs: 0 };

  constructor(timezone: string) {
    this.#timezone = timezone;
  }

  /** Wall time − UTC at an instant. */
  offsetAt(instantMs: number): number {
    const { startMs, endMs } = this.#last;
    if (!(instantMs >= startMs && instantMs < endMs)) this.#last = this.#stretchAt(instantMs);
    return this.#last.offsetMs;
  }

  wallOf(instantMs: number): number {
    return instantMs + this.offsetAt(instantMs);
  }

  /** Since when the offset of an instant holds. */
  offsetSince(instantMs: number): number {
    this.offsetAt(instantMs);
    return this.#last.startMs;
  }

  /** The instant of a wall time: the first one of an hour that comes twice, and as before the change in a gap. */
  instantOf(wallMs: number): number {
    const before = this.offsetAt(wallMs - dayMs);
    const after = this.offsetAt(wallMs + dayMs);
    if (before === after || this.offsetAt(wallMs - before) === before) return wallMs - before;
    return this.offsetAt(wallMs - after) === after ? wallMs - after : wallMs - before;
  }

  #stretchAt(instantMs: number): Stretch {
    const known = this.#stretches.find(
      ({ startMs, endMs }) => instantMs >= startMs && instantMs < endMs,
    );
    if (known !== undefined) return known;
    const zoned = this.#zoned(instantMs);
    // Changes fall on whole seconds, so one ms later the change at this very instant lies in the past.
    const change = this.#zoned(instantMs + 1).getTimeZoneTransition('previous');
    const stretch = {
      startMs: change?.epochMilliseconds ?? -Infinity,
      endMs: zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
      offsetMs: zoned.offsetNanoseconds / 1e6,
    };
    if (this.#stretches.length >= stretchesMax) this.#stretches.length = 0;
    this.#stretches.push(stretch);
    return stretch;
  }

  #zoned(instantMs: number): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(Math.floor(instantMs)).toZonedDateTimeISO(
      this.#timezone,
    );
  }
}

/** One for each zone that projects of this process have. */
const clocks = new Map<string, ZoneClock>();

export function zoneClock(timezone: string): ZoneClock {
  const known = clocks.get(timezone) ?? new ZoneClock(timezone);
  clocks.set(timezone, known);
  return known;
}
