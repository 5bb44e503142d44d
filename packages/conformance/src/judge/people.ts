import type { QueryInput } from '@arbor/schema/query';
import type { FunnelResult, QueryResult } from '@arbor/schema/result';
import type { ConformanceCase } from '../cases/case-types.ts';
import type { Judgement } from './judgements.ts';
import type { Numbers } from './observed.ts';
import { segmentName } from './segment-name.ts';

type Ask = (query: QueryInput) => Promise<QueryResult>;
type IdsByStep = Readonly<Record<string, readonly string[]>>;
type Segment = FunnelResult['segments'][number]['segment'] | null;

/** More than any case has. */
const limit = 10_000;

/** Whom a case names behind the steps of a funnel, sorted. */
export function assertedPeople({ expected }: Judgement): Numbers {
  const { convertedUsers, perSegmentUsers } = expected;
  return {
    ...(convertedUsers && { convertedUsers: sortedIds(convertedUsers) }),
    ...(perSegmentUsers && {
      perSegmentUsers: Object.fromEntries(
        Object.entries(perSegmentUsers).map(([name, own]) => [name, sortedIds(own as IdsByStep)]),
      ),
    }),
  };
}

/** Asks for the list behind each of these numbers. */
export async function observedPeople(
  ask: Ask,
  result: QueryResult,
  { query, expected }: Judgement,
  given: ConformanceCase,
): Promise<Numbers> {
  if (result.type !== 'funnel' || query.type !== 'funnel') return {};
  const lists = new PeopleLists(ask, query, given);
  const { convertedUsers, perSegmentUsers } = expected;
  const others = result.segments
    .map(({ segment }) => segment)
    .filter(({ type }) => type !== 'other');
  const perSegment: Record<string, unknown> = {};
  for (const [name, own] of Object.entries(perSegmentUsers ?? {})) {
    const found = result.segments.find(({ segment }) => segmentName(segment) === name);
    perSegment[name] = found && (await lists.byStep(own as IdsByStep, found.segment, others));
  }
  return {
    ...(convertedUsers && { convertedUsers: await lists.byStep(convertedUsers, null) }),
    ...(perSegmentUsers && { perSegmentUsers: perSegment }),
  };
}

class PeopleLists {
  readonly #ask: Ask;
  readonly #funnel: Extract<QueryInput, { type: 'funnel' }>;
  /** A list may name a person by any id. */
  readonly #personOf: ReadonlyMap<string, string>;

  constructor(
    ask: Ask,
    funnel: Extract<QueryInput, { type: 'funnel' }>,
    { people }: ConformanceCase,
  ) {
    this.#ask = ask;
    this.#funnel = funnel;
    this.#personOf = new Map(people.flatMap(({ id, aliases = [] }) => aliases.map((a) => [a, id])));
  }

  async byStep(
    wanted: IdsByStep,
    segment: Segment,
    others: readonly NonNullable<Segment>[] = [],
  ): Promise<IdsByStep> {
    const lists: Record<string, readonly string[]> = {};
    for (const step of Object.keys(wanted)) {
      lists[step] = await this.#list(Number(step) - 1, segment, others);
    }
    return lists;
  }

  async #list(
    step: number,
    segment: Segment,
    others: readonly NonNullable<Segment>[],
  ): Promise<string[]> {
    const answer = await this.#ask({
      type: 'list',
      of: this.#funnel,
      point: {
        type: 'funnel',
        step,
        segment,
        ...(segment?.type === 'other' && { beside: [...others] }),
      },
      what: 'users',
      limit,
    });
    if (answer.type !== 'list') throw new Error(`asked for a list, got a ${answer.type}`);
    return answer.users.map((id) => this.#personOf.get(id) ?? id).toSorted();
  }
}

const sortedIds = (lists: IdsByStep): IdsByStep =>
  Object.fromEntries(Object.entries(lists).map(([step, ids]) => [step, ids.toSorted()]));
