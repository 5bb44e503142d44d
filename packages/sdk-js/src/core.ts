import type { Identity } from './identity.ts';
import { identifiersOf, keepIdentity, readIdentity } from './identity.ts';
import { openQueue } from './queue.ts';
import type { Sender } from './sender.ts';
import { createSender } from './sender.ts';
import { openStore } from './store.ts';
import type { Surroundings } from './surroundings.ts';

/** What the public functions share. */
export interface Core {
  readonly surroundings: Surroundings;
  readonly sender: Sender;
  identity(): Identity;
  /** From now on, over reloads too. */
  become(identity: Identity): void;
  event(name: string, properties: Readonly<Record<string, unknown>>): void;
  person(operator: string, values: Readonly<Record<string, unknown>>): void;
}

export const version = '0.1.0';

export function createCore(token: string, apiHost: string, surroundings: Surroundings): Core {
  const store = openStore(surroundings, token);
  let identity = readIdentity(store, surroundings);
  const queue = openQueue(store, surroundings, () => sender.nudge());
  const url = `${apiHost.replace(/\/+$/, '')}/e`;
  const sender = createSender(queue, surroundings, url);

  /** Made at the time of the call and never again: a record is equal in each delivery. */
  const insertId = (): string => surroundings.uuid().replaceAll('-', '');

  return {
    surroundings,
    sender,
    identity: () => identity,
    become(next) {
      identity = keepIdentity(store, next);
    },
    event(name, properties) {
      const { distinctId, ids } = identifiersOf(identity);
      queue.add({
        event: name,
        properties: {
          ...surroundings.page(),
          ...identity.properties,
          ...properties,
          token,
          time: surroundings.now(),
          distinct_id: distinctId,
          ...ids,
          $insert_id: insertId(),
          mp_lib: 'arbor-js',
          $lib_version: version,
        },
      });
      sender.nudge();
    },
    person(operator, values) {
      const { distinctId, ids } = identifiersOf(identity);
      queue.add({
        $token: token,
        $distinct_id: distinctId,
        ...ids,
        $time: surroundings.now(),
        $insert_id: insertId(),
        [operator]: values,
      });
      sender.nudge();
    },
  };
}
