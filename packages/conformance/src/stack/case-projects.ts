import { isDeepStrictEqual } from 'node:util';
import type { QueryInput } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import type { ConformanceCase } from '../cases/case-types.ts';
import type { CaseJudgements } from '../judge/judgements.ts';
import type { Rules } from '../judge/rules.ts';
import type { Way } from '../judge/verdict.ts';
import { weekStartOf } from '../judge/week-start.ts';
import type { ArborClient, Project } from './arbor-client.ts';
import { countsOf, eventRecords, markerProperty, peopleRecords } from './case-records.ts';

/** A request of `/import` takes no more. */
const recordsMax = 2000;
/** From the success answer on; a busy machine needs seconds for all cases together. */
const queryableMsMax = 60_000;
const askEveryMs = 200;

/** Cases in projects of a stack: one for each case, and one more where sides of it differ in the week's start. */
export class CaseProjects {
  readonly #zones: readonly string[];
  readonly #projects = new Map<string, Project>();
  /** Why a case is not there, by its id. */
  readonly #failures = new Map<string, unknown>();

  constructor(zones: readonly string[]) {
    this.#zones = zones;
  }

  /** Sends what happened in a case, and resolves when every zone has all of it. Failures come out when it is asked. */
  async load(client: ArborClient, own: CaseJudgements): Promise<void> {
    try {
      await this.#load(client, own);
    } catch (error) {
      this.#failures.set(own.given.id, error);
    }
  }

  async #load(client: ArborClient, { given, judgements }: CaseJudgements): Promise<void> {
    const weekStarts = new Set(judgements.map(({ rules }) => weekStartOf(rules)));
    for (const weekStart of weekStarts) {
      const { id, timezone } = given;
      const project = await client.createProject({ name: id, timezone, weekStart });
      this.#projects.set(keyOf(given, weekStart), project);
      await send(client, given, project);
      await this.#untilQueryable(client, given, project);
    }
  }

  way(name: string, client: ArborClient): Way {
    return { name, ask: (given, query, rules) => this.#ask(client, given, { query, rules }) };
  }

  async #ask(
    client: ArborClient,
    given: ConformanceCase,
    { query, rules }: { readonly query: QueryInput; readonly rules: Rules },
  ): Promise<QueryResult> {
    if (this.#failures.has(given.id)) throw this.#failures.get(given.id);
    const project = this.#projects.get(keyOf(given, weekStartOf(rules)));
    if (project === undefined)
      throw new Error(`case ${given.id} has no project for this start of the week`);
    return client.ask(project, query);
  }

  async #untilQueryable(
    client: ArborClient,
    given: ConformanceCase,
    project: Project,
  ): Promise<void> {
    const expected = countsOf(given);
    const end = Date.now() + queryableMsMax;
    for (const zone of this.#zones) {
      for (;;) {
        const counted = await counts(client, project, zone);
        if (isDeepStrictEqual(counted, expected)) break;
        if (Date.now() > end) {
          const [sent, found] = [expected, counted].map((own) => JSON.stringify(own));
          throw new Error(`zone ${zone} has ${found}, sent were ${sent}`);
        }
        await new Promise((resolve) => setTimeout(resolve, askEveryMs));
      }
    }
  }
}

const keyOf = ({ id }: ConformanceCase, weekStart: number): string => `${id} ${weekStart}`;

async function send(client: ArborClient, given: ConformanceCase, project: Project): Promise<void> {
  const people = peopleRecords(given, project);
  if (people.length > 0) await client.updatePeople(people);
  const events = eventRecords(given);
  // One after the other: the order of requests is the order of arrival.
  for (let at = 0; at < events.length; at += recordsMax) {
    await client.importEvents(project, events.slice(at, at + recordsMax));
  }
}

async function counts(client: ArborClient, project: Project, zone: string) {
  const selector = { anyOf: [{ event: null }] };
  const events = await client.ask(
    project,
    {
      type: 'insights',
      range: { from: '1971-01-01', to: '2037-12-31' },
      unit: 'total',
      metrics: [
        { selector, measure: { type: 'total' } },
        { selector, measure: { type: 'unique' } },
      ],
    },
    zone,
  );
  const property = { scope: 'person' as const, name: markerProperty };
  const people = await client.ask(
    project,
    { type: 'cohort', filters: [{ type: 'property', property, operator: 'is_set' }] },
    zone,
  );
  const [total, users] = events.type === 'insights' ? events.series : [];
  return {
    events: total?.total ?? 0,
    users: users?.total ?? 0,
    people: people.type === 'cohort' ? people.users : 0,
  };
}
