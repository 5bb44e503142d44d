import { createAdd } from './add.ts';
import { createCore } from './core.ts';
import { createFlush } from './flush.ts';
import { guard } from './guard.ts';
import { createIdentify } from './identify.ts';
import { createRegister } from './register.ts';
import { createReset } from './reset.ts';
import { createSet } from './set.ts';
import { createSetOnce } from './set-once.ts';
import type { Surroundings } from './surroundings.ts';
import { createTrack } from './track.ts';

/** Any values JSON can hold; what it cannot is left out. */
export type Properties = Readonly<Record<string, unknown>>;

export interface Options {
  /** Where records go, for example `https://stats.example.com`. Default: where the script came from. */
  readonly apiHost?: string;
}

/** No method ever throws, whatever it is given. */
export interface Client {
  /** Something happened. */
  track(event: string, properties?: Properties): void;
  /** Says who is in front of the screen from now on; what the device did before belongs to them too. */
  identify(userId: string): void;
  readonly people: {
    /** Overwrites properties of the user. */
    set(properties: Properties): void;
    /** Sets properties that the user does not have yet. */
    setOnce(properties: Properties): void;
    /** Adds to numbers of the user. */
    add(numbers: Readonly<Record<string, number>>): void;
  };
  /** Properties that each later event carries. */
  register(properties: Properties): void;
  /** A new device without a user, as after signing out on a shared computer. */
  reset(): void;
  /** Sends what waits; resolves when it is sent or the attempt is over. */
  flush(): Promise<void>;
}

/** A client over the given surroundings. */
export function createClient(token: string, apiHost: string, surroundings: Surroundings): Client {
  const core = createCore(token, apiHost, surroundings);
  return {
    track: guard(createTrack(core)),
    identify: guard(createIdentify(core)),
    people: {
      set: guard(createSet(core)),
      setOnce: guard(createSetOnce(core)),
      add: guard(createAdd(core)),
    },
    register: guard(createRegister(core)),
    reset: guard(createReset(core)),
    flush: createFlush(core),
  };
}
