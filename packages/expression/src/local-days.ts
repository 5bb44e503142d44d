import { Temporal } from 'temporal-polyfill';

/** Between two changes of a zone's offset. */
interface Stretch {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  readonly offsetMs: number;
}

const dayMs = 86_400_000;

/**
 * The calendar of one zone. A date of a row must cost little, and asking a zone costs microseconds: stretches of
 * one offset are kept, and the last one is mostly right again.
 */
export class LocalDays {
  readonly #timezone: string;
  readonly #stretches: Stretch[] = [];
  #last: Stretch = { startMs: 0, endMs: 0, offsetMs: 0 };

  constructor(timezone: string) {
    this.#timezone = timezone;
  }

  /** The local date of an instant, as days from 1970-01-01 on. */
  dayOf(ms: number): number {
    if (!(ms >= this.#last.startMs && ms < this.#last.endMs)) this.#last = this.#stretchAt(ms);
    return Math.floor((ms + this.#last.offsetMs) / dayMs);
  }

  /** The first instant of the local date that `ms` lies in. */
  startOfDay(ms: number): number {
    return this.#zoned(ms).startOfDay().epochMilliseconds;
  }

  #stretchAt(ms: number): Stretch {
    const known = this.#stretches.find(({ startMs, endMs }) => ms >= startMs && ms < endMs);
    if (known !== undefined) return known;
    const zoned = this.#zoned(ms);
    // Changes fall on whole seconds, so one ms later the change at this very instant lies in the past.
    const change = this.#zoned(ms + 1).getTimeZoneTransition('previous');
    const stretch = {
      startMs: change?.epochMilliseconds ?? -Infinity,
      endMs: zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
      offsetMs: zoned.offsetNanoseconds / 1e6,
    };
    if (this.#stretches.length >= stretchesMax) this.#stretches.length = 0;
    this.#stretches.push(stretch);
    return stretch;
  }

  #zoned(ms: number): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toZonedDateTimeISO(
      this.#timezone,
    );
  }
}

/** Two changes a year for half a century; more are found again when they are asked for. */
const stretchesMax = 100;
