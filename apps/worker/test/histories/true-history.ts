import type { World } from '@arbor/engine/test/model/world';
import type { IdentityMode } from '@arbor/schema/identity';
import type { IngestBatch, IngestEvent, IngestPerson, IngestRecord } from '@arbor/schema/ingest';
import type { Properties, PropertyValue } from '@arbor/schema/property-value';
import {
  type TrueLink,
  TrueIdentity,
  type TrueOutcome,
  type TrueUnion,
  type TrueUser,
} from './true-identity.ts';
import { type TrueProfile, united, updated } from './true-profile.ts';

/** A record, and who sent it as far as that was known when its batch was resolved. */
interface Sent<R extends IngestRecord> {
  readonly record: R;
  readonly user: TrueUser | null;
}

interface Resolved {
  readonly batch: IngestBatch;
  /** By which the senders of updates came to their users: whoever knows the user knows these. */
  unions: TrueUnion[];
  readonly links: TrueUnion[];
  readonly onward: { readonly outcome: TrueOutcome; readonly position: number }[];
  events: Sent<IngestEvent>[];
  updates: Sent<IngestPerson>[];
}

/** What happened and who did it, told by every batch and nothing of the product. */
export class TrueHistory {
  readonly #mode: IdentityMode;
  readonly #identity: TrueIdentity;
  readonly #batches = new Map<string, Resolved>();

  constructor(mode: IdentityMode) {
    this.#mode = mode;
    this.#identity = new TrueIdentity(mode);
  }

  /** The batch is resolved; once more where it was lost before anything was sent. */
  resolve(batch: IngestBatch): void {
    const records = [...batch.records.entries()];
    const isImport = batch.source === 'import';
    const said = records.map(([position, record]) => {
      return { position, own: ownOf(record), links: linksIn(record, isImport) };
    });
    const named = said.flatMap(({ own, links }) => [
      ...(own === null ? [] : [own]),
      ...links.flatMap(({ user, alias }) => [user, alias]),
    ]);
    this.#identity.see([...new Set(named)]);
    const resolved: Resolved = this.#batches.get(batch.batchId) ?? {
      batch,
      unions: [],
      links: [],
      onward: [],
      events: [],
      updates: [],
    };
    this.#batches.set(batch.batchId, resolved);
    for (const { position, links } of said) {
      for (const link of links) {
        const outcome = this.#identity.say(link);
        if (outcome?.type === 'united') resolved.links.push(outcome);
        if (outcome?.type === 'onward') resolved.onward.push({ outcome, position });
      }
    }
    const sent = records.map(([position, record]) => {
      return { record, user: this.#senderOf(resolved, record, position) };
    });
    resolved.events = sent.filter((one): one is Sent<IngestEvent> => one.record.kind === 'event');
    resolved.updates = sent.filter(
      (one): one is Sent<IngestPerson> => one.record.kind === 'person',
    );
    resolved.unions = this.#identity.unionsOf(
      resolved.updates.map(({ record }) => record.distinctId),
    );
  }

  /** As it stands when everything has arrived. `order`: batch by batch, as updates of people are applied. */
  world(order: readonly string[]): World {
    return { events: this.#events(), people: this.#people(order) };
  }

  /** Ids of all batches that were resolved. */
  batches(): string[] {
    return [...this.#batches.keys()];
  }

  /** Canonical ids of everybody who may have a profile. */
  users(): string[] {
    return this.#identity.users();
  }

  #senderOf({ onward }: Resolved, record: IngestRecord, position: number): TrueUser | null {
    const own = ownOf(record);
    if (own === null) return null;
    const later = onward.find(
      (one) =>
        one.outcome.type === 'onward' && one.outcome.identifier === own && position < one.position,
    );
    return later?.outcome.type === 'onward' ? later.outcome.before : this.#identity.userOf(own);
  }

  /** Each once, as its latest copy has it. */
  #events(): World['events'] {
    const latest = new Map<string, Sent<IngestEvent>>();
    const inOrder = [...this.#batches.values()].sort((a, b) => a.batch.sequence - b.batch.sequence);
    for (const sent of inOrder.flatMap(({ events }) => events)) {
      const { event, sentTime, time, distinctId, insertId } = sent.record;
      const key = JSON.stringify([event, sentTime ?? time, distinctId, insertId]);
      latest.delete(key);
      latest.set(key, sent);
    }
    return Array.from(latest.values(), ({ record: { event, time, properties }, user }) => {
      return { user: user?.now().canonical ?? '', event, time, properties };
    });
  }

  #people(order: readonly string[]): World['people'] {
    const owners = new Map<TrueUser, TrueUser>();
    const ownerOf = (user: TrueUser): TrueUser => {
      const owner = owners.get(user);
      return owner === undefined ? user : ownerOf(owner);
    };
    const profiles = new Map<TrueUser, TrueProfile>();
    const applied = new Set<string>();
    for (const batchId of order) {
      const resolved = this.#batches.get(batchId);
      if (resolved === undefined) continue;
      for (const { winner, loser } of [...resolved.unions, ...resolved.links]) {
        const [target, source] = [ownerOf(winner), ownerOf(loser)];
        if (target === source) continue;
        profiles.set(target, united(profiles.get(target), profiles.get(source)));
        profiles.delete(source);
        owners.set(source, target);
      }
      for (const { record, user } of resolved.updates) {
        if (user === null || isCopy(record, applied)) continue;
        const { holder, operations } = this.#meant(record, user);
        const owner = ownerOf(holder);
        const seenAt = record.ignoreTime === true ? null : textOf(record.time);
        profiles.set(owner, updated(profiles.get(owner), operations, seenAt));
      }
    }
    return Object.fromEntries(
      [...profiles].flatMap(([user, profile]) =>
        profile === undefined ? [] : [[user.now().canonical, { ...profile } as Properties]],
      ),
    );
  }

  /** `$ignore_alias`: the profile under the identifier alone. One that was merged has none, and gives what it gets. */
  #meant({ distinctId, ignoreAlias, operations }: IngestPerson, user: TrueUser) {
    if (ignoreAlias !== true || user.canonical === distinctId) return { holder: user, operations };
    if (this.#mode === 'legacy') {
      return { holder: this.#identity.alone(distinctId), operations };
    }
    const taking = ['$delete', '$unset', '$remove'];
    const giving = operations.filter(({ operator }) => !taking.includes(operator));
    return { holder: user, operations: giving };
  }
}

/** Of an event of a device that names its user: the user. */
function ownOf(record: IngestRecord): string | null {
  if (record.kind === 'person') return record.distinctId;
  if (record.kind !== 'event' || record.distinctId === '') return null;
  const user = record.properties.$user_id;
  return record.distinctId.startsWith('$device:') && typeof user === 'string'
    ? user
    : record.distinctId;
}

function linksIn(record: IngestRecord, imported: boolean): TrueLink[] {
  const text = (value: PropertyValue | undefined) => (typeof value === 'string' ? value : '');
  const link = (
    form: TrueLink['form'],
    alias: PropertyValue | undefined,
    user: PropertyValue | undefined,
  ) => ({ form, alias: text(alias), user: text(user), imported });
  if (record.kind === 'link') return [link('explicit', record.alias, record.user)];
  if (record.kind !== 'event') return [];
  const { event, distinctId, properties } = record;
  const ids = properties.$distinct_ids;
  if (event === '$merge' && Array.isArray(ids)) {
    return ids.slice(1).map((id, i) => link('merge', id, ids[i]));
  }
  if (event === '$identify') return [link('identify', properties.$anon_distinct_id, distinctId)];
  if (event === '$create_alias') return [link('alias', properties.alias, distinctId)];
  const { $device_id: device, $user_id: user } = properties;
  return user === undefined ? [] : [link('device', `$device:${text(device)}`, user)];
}

function isCopy({ distinctId, insertId }: IngestPerson, applied: Set<string>): boolean {
  if (insertId === undefined) return false;
  const key = JSON.stringify([distinctId, insertId]);
  const isKnown = applied.has(key);
  applied.add(key);
  return isKnown;
}

const textOf = (time: number): string => new Date(time).toISOString().slice(0, 19);
