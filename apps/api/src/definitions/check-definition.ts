import type { DefinitionKind, DefinitionOf } from '@arbor/schema/definitions';
import { customEventPrefix, customPropertyPrefix } from '@arbor/schema/definitions';
import type { Query, QueryInput } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import type { DefiningProject, QueryDefinitions } from './query-definitions.ts';
import { ApiError } from '../errors.ts';
import type { DefinitionsCache, ProjectDefinitions } from './project-definitions.ts';

/** A definition that is to be saved; `id` null = it has none yet. */
export interface UncheckedDefinition<K extends DefinitionKind = DefinitionKind> {
  readonly kind: K;
  readonly id: string | null;
  readonly name: string;
  readonly definition: DefinitionOf<K>;
}

/** What must hold before a definition is saved or put away. */
export interface DefinitionCheck {
  /** A query can use it: what it names exists, it does not hold itself, and it means something. */
  works(project: CheckedProject, definition: UncheckedDefinition): Promise<void>;
  /** No other definition names it: throws CONFLICT with the one that does. */
  isUnused(
    project: DefiningProject,
    definition: { readonly kind: DefinitionKind; readonly id: string; readonly name: string },
  ): Promise<void>;
}

export interface CheckedProject extends DefiningProject {
  readonly timezone: string;
  readonly weekStart: number;
  readonly quarterStart: number;
}

/** The id of what has none yet. */
const newId = 'new';

export function createDefinitionCheck({
  cache,
  queryDefinitions,
  plan,
}: {
  readonly cache: DefinitionsCache;
  readonly queryDefinitions: QueryDefinitions;
  /** Throws INVALID_QUERY, as when the query is asked. */
  readonly plan: (query: Query, project: CheckedProject, definitions: unknown) => void;
}): DefinitionCheck {
  const current = ({ id, definitionsVersion: version }: DefiningProject) =>
    cache.get({ id, version });
  return {
    works: async (project, definition) => {
      const question = questionAbout(definition);
      if (question === null) return;
      const all = withDefinition(await current(project), definition);
      const { query, definitions } = await queryDefinitions.resolveWith(
        project.id,
        all,
        querySchema.parse(question),
      );
      plan(query, project, definitions);
    },
    isUnused: async (project, { kind, id, name }) => {
      const user = userOf(await current(project), { kind, id, name });
      if (user === undefined) return;
      const what = kind.replaceAll('_', ' ');
      throw new ApiError('CONFLICT', `${what} "${id}" is used by ${user}: change that first`);
    },
  };
}

/** The shortest query that uses the definition. */
function questionAbout({ kind, id, definition }: UncheckedDefinition): QueryInput | null {
  const range = { from: '2020-01-01', to: '2020-01-01' };
  switch (kind) {
    case 'cohort': {
      const own = { type: 'saved' as const, id: id ?? newId };
      return { type: 'cohort', filters: [{ type: 'cohort', operator: 'in', cohorts: [own] }] };
    }
    case 'custom_event': {
      const { matches } = definition as DefinitionOf<'custom_event'>;
      const session = matches.find(({ event }) => event?.startsWith('$session_') === true);
      if (session) {
        throw new ApiError(
          'INVALID_REQUEST',
          `definition: ${session.event} is no part of a custom event`,
        );
      }
      const event = `${customEventPrefix}${id ?? newId}`;
      const metric = { selector: { anyOf: [{ event }] }, measure: { type: 'total' as const } };
      return { type: 'insights', range, metrics: [metric] };
    }
    case 'custom_property': {
      const { scope } = (definition as DefinitionOf<'custom_property'>).property;
      const property = { scope, name: `${customPropertyPrefix}${id ?? newId}` };
      const metric = {
        selector: { anyOf: [{ event: null }] },
        measure: { type: 'total' as const },
      };
      return { type: 'insights', range, metrics: [metric], breakdowns: [{ property }] };
    }
    case 'lookup_table':
      return null;
  }
}

/** As if it were saved already. */
function withDefinition(
  all: ProjectDefinitions,
  { kind, id, name, definition }: UncheckedDefinition,
): ProjectDefinitions {
  const own = id ?? newId;
  switch (kind) {
    case 'cohort': {
      const cohort = definition as DefinitionOf<'cohort'>;
      const stored =
        cohort.type === 'frozen'
          ? ({ type: 'frozen', name, contentId: null } as const)
          : ({ type: 'conditions', name, filters: cohort.filters } as const);
      return { ...all, cohorts: new Map([...all.cohorts, [own, stored]]) };
    }
    case 'custom_event': {
      const { matches } = definition as DefinitionOf<'custom_event'>;
      return { ...all, customEvents: new Map([...all.customEvents, [own, { name, matches }]]) };
    }
    case 'custom_property': {
      const { property } = definition as DefinitionOf<'custom_property'>;
      const properties = new Map([...all.customProperties, [own, { name, property }]]);
      return { ...all, customProperties: properties };
    }
    case 'lookup_table':
      return all;
  }
}

/** What holds the definition, in words. */
function userOf(
  all: ProjectDefinitions,
  { kind, id, name }: { kind: DefinitionKind; id: string; name: string },
): string | undefined {
  const isNamed = namedBy[kind](id, name);
  const groups = [
    ['cohort', all.cohorts],
    ['custom event', all.customEvents],
    ['custom property', all.customProperties],
  ] as const;
  for (const [what, things] of groups) {
    for (const [otherId, other] of things) {
      if (otherId !== id && holds(other, isNamed)) return `${what} "${other.name}" (${otherId})`;
    }
  }
  return undefined;
}

type Part = Readonly<Record<string, unknown>>;

/** How a part of a definition names one of a kind. */
const namedBy: Record<DefinitionKind, (id: string, name: string) => (part: Part) => boolean> = {
  cohort: (id) => (part) => part.type === 'saved' && part.id === id,
  custom_event: (id) => (part) => part.event === `${customEventPrefix}${id}`,
  custom_property: (id) => (part) => part.name === `${customPropertyPrefix}${id}`,
  lookup_table: (id, name) => (part) =>
    part.type === 'lookup' && (part.table === id || part.table === name),
};

function holds(node: unknown, isNamed: (part: Part) => boolean): boolean {
  if (Array.isArray(node)) return node.some((item) => holds(item, isNamed));
  if (typeof node !== 'object' || node === null) return false;
  const part = node as Part;
  return isNamed(part) || Object.values(part).some((value) => holds(value, isNamed));
}
