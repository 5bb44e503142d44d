import type { Identity } from './identity.ts';
import { stamp } from './queue.ts';
import type { Store } from './store.ts';
import { parse } from './store.ts';

type Values = Record<string, unknown>;

const idName = 'id';
/** What Mixpanel's client keeps among the super properties that is none, beside names that begin with `__`. */
const notSuper = new Set([
  'distinct_id',
  '$device_id',
  '$user_id',
  '$had_persisted_distinct_id',
  '$search_engine',
  'mp_keyword',
]);
/** Events, people, groups: in that order its queues are read. */
const queueKinds = ['ev', 'pp', 'gr'];
/** A chunk of ours holds no more. */
const chunkRecordsMax = 50;

/**
 * Option `store`: a visitor who is new here but known to Mixpanel's client on this page, by its cookie or
 * storage, stays who he was, with his super properties, and what that client had not sent yet is sent
 * (SDK-ST5). It is read once; what it kept stays untouched.
 */
export const mixpanelStore =
  () =>
  (inner: Store, token: string): Store => ({
    ...inner,
    read(name) {
      const text = inner.read(name);
      if (name !== idName || text !== null) return text;
      const identity = identityOf(stateOf(token));
      if (!identity) return null;
      inner.write(name, JSON.stringify(identity));
      takeQueueOver(inner, token);
      return inner.read(name);
    },
  });

/** What it kept under the token, in storage or in a cookie. */
function stateOf(token: string): Values | null {
  // A token has no character that a cookie's name may not have.
  const name = `mp_${token}_mixpanel`;
  return readState(() => localStorage.getItem(name)) ?? readState(() => cookieOf(name));
}

function readState(read: () => string | null): Values | null {
  try {
    const state = parse(read());
    return typeof state === 'object' && !Array.isArray(state) ? (state as Values | null) : null;
  } catch {
    // Storage or cookies are denied, or it is not text of that client.
    return null;
  }
}

function cookieOf(name: string): string {
  const start = `${name}=`;
  const found = document.cookie.split('; ').find((pair) => pair.startsWith(start)) ?? '';
  return decodeURIComponent(found.slice(start.length));
}

function identityOf(state: Values | null): Identity | undefined {
  const { $device_id: device, distinct_id: id, $user_id: user } = state ?? {};
  // Before it told devices from users it had one id for both.
  const deviceId = text(device) ?? text(id)?.replace(/^\$device:/, '');
  if (!state || !deviceId) return undefined;
  const properties = Object.fromEntries(
    Object.entries(state).filter(([name]) => !notSuper.has(name) && !name.startsWith('__')),
  );
  return { deviceId, userId: text(user), properties };
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Its records become a chunk as a page that is gone leaves them, so that the queue takes them over. */
function takeQueueOver(store: Store, token: string): void {
  const records = queueKinds.flatMap((kind) => {
    const list = readState(
      () => `{"items":${localStorage.getItem(`__mpq_${token}_${kind}`) ?? '[]'}}`,
    );
    return [list?.['items'] ?? []]
      .flat()
      .flatMap((item) => (Object(item) as { payload?: unknown }).payload ?? []);
  });
  for (let i = 0; i < records.length; i += chunkRecordsMax) {
    const chunk = records.slice(i, i + chunkRecordsMax);
    store.write(`q_mixpanel_${stamp(Date.now(), i)}`, JSON.stringify(chunk));
  }
}
