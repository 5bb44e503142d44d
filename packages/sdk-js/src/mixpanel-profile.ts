import type { Client, Profile, Properties } from './client.ts';

/** Hears when it is done: 1, or 0 when it could not be sent. */
export type Callback = (answer: 0 | 1) => void;

/** One property and its value, or several. */
type Pairs = (properties: Properties | string, value?: unknown, callback?: Callback) => void;

/** `mixpanel.get_group(…)`. */
export interface MixpanelProfile {
  set: Pairs;
  set_once: Pairs;
  unset(names: string | readonly string[], callback?: Callback): void;
  increment: Pairs;
  append: Pairs;
  remove: Pairs;
  union: Pairs;
}

/** `mixpanel.people`. */
export interface MixpanelPeople extends MixpanelProfile {
  track_charge(amount: number, properties?: Properties | Callback, callback?: Callback): void;
  clear_charges(callback?: Callback): void;
  delete_user(): void;
}

const pairsOf = (given: Properties | string, value: unknown): Properties =>
  typeof given === 'string' ? { [given]: value } : given;

/** `done`: calls back when what was captured is sent. */
export function profileOf(profile: Profile, done: (callback: unknown) => void): MixpanelProfile {
  const change =
    (run: (properties: Properties) => void): Pairs =>
    (given, value, callback) => {
      run(pairsOf(given, value));
      done(typeof given === 'string' ? callback : value);
    };
  return {
    set: change(profile.set),
    set_once: change(profile.setOnce),
    unset(names, callback) {
      profile.unset([names].flat());
      done(callback);
    },
    increment(given, value, callback) {
      const by = typeof value === 'number' ? value : 1;
      // What is no number would have the whole change refused.
      const numbers = Object.entries(pairsOf(given, by)).filter(([, n]) => typeof n === 'number');
      profile.add(Object.fromEntries(numbers) as Record<string, number>);
      [value, callback].forEach(done);
    },
    append: change(profile.append),
    remove: change(profile.remove),
    union: change((properties) => {
      const lists = Object.entries(properties).map(
        ([name, list]) => [name, [list].flat()] as const,
      );
      profile.union(Object.fromEntries(lists));
    }),
  };
}

export function peopleOf({ people }: Client, done: (callback: unknown) => void): MixpanelPeople {
  return {
    ...profileOf(people, done),
    track_charge(amount, properties, callback) {
      const $time = new Date().toISOString();
      const more = typeof properties === 'object' && properties;
      people.append({ $transactions: { $amount: amount, $time, ...more } });
      [properties, callback].forEach(done);
    },
    clear_charges(callback) {
      people.set({ $transactions: [] });
      done(callback);
    },
    delete_user: people.delete,
  };
}
