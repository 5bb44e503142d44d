import { groupUser } from '@arbor/engine/group-project';
import type {
  CohortRefInput,
  FilterInput,
  PropertyRefInput,
  UserConditionInput,
} from '@arbor/schema/query';
import { z } from 'zod';
import { ApiError } from '../../errors.ts';
import type { Asked } from '../endpoint.ts';
import type { Parameters } from '../parameters.ts';
import { filtersOf, readExpression } from '../where.ts';
import { conditionsOf, hasBehaviors, readBehaviors } from './behaviors.ts';
import type { DataDeps } from './data-deps.ts';
import { groupIdOf, groupsOfKey, ofGroups } from './engage-groups.ts';
import { type Session, uncachedPage } from './engage-session.ts';
import { rawCohort } from './raw-cohort.ts';

/** Which users a query of profiles is about. */
export interface Selection {
  /** Of profiles: every one must pass. */
  readonly profiles: readonly FilterInput[];
  /** Not null = conditions on users who may have no profile, instead. */
  readonly members: readonly UserConditionInput[] | null;
  /** The one or the other, as conditions on users. */
  readonly conditions: readonly UserConditionInput[];
  /** Not null = about the groups of this key instead of users. */
  readonly groupKey: string | null;
}

const cohortSchema = z.union([
  z.object({ raw_cohort: z.unknown().refine((raw) => raw !== undefined && raw !== null) }),
  z.object({ id: z.union([z.string().min(1), z.number()]) }),
]);

/** Throws INVALID_REQUEST, or NOT_FOUND for a cohort that does not exist. */
export async function readSelection(
  asked: Asked,
  deps: DataDeps,
  { session, page }: { readonly session: Session; readonly page: number },
): Promise<Selection> {
  const { parameters } = asked;
  const groupKey = parameters.text('data_group_id');
  if (groupKey !== undefined) return groupSelection(parameters, groupKey);
  const asOf = parameters.integer('as_of_timestamp', { min: 0, max: 1e11 });
  if (parameters.has('behaviors') && asOf === undefined && page > 0) throw uncachedPage();
  const untilMs = asOf === undefined ? session.startedMs : asOf * 1000;
  const conditions = [
    ...(await identified(asked, deps)),
    ...whereOf(parameters, untilMs),
    ...searched(parameters.text('search')),
  ];
  const cohort = await readCohort(asked, deps, untilMs);
  if (cohort === null) {
    return { profiles: conditions.map(profileFilter), members: null, conditions, groupKey: null };
  }
  const inCohort = {
    type: 'cohort' as const,
    operator: 'in' as const,
    cohorts: [cohort],
  };
  const all = [inCohort, ...conditions];
  if (parameters.flag('include_all_users') ?? true) {
    return { profiles: [], members: all, conditions: all, groupKey: null };
  }
  const profiles = [inCohort, ...conditions.map(profileFilter)];
  return { profiles, members: null, conditions: all, groupKey: null };
}

/** Groups have profiles, and neither events nor cohorts of their own. */
function groupSelection(parameters: Parameters, groupKey: string): Selection {
  for (const name of ['behaviors', 'filter_by_cohort']) {
    if (parameters.has(name)) parameters.refuse(name, 'is of users: leave out data_group_id');
  }
  const ids = namedIds(parameters)?.map((id) => groupUser(groupKey, id));
  const named: UserConditionInput[] =
    ids === undefined
      ? []
      : [{ type: 'cohort', operator: 'in', cohorts: [{ type: 'users', ids: [...new Set(ids)] }] }];
  const conditions = [
    ...groupsOfKey(groupKey),
    ...named,
    ...groupsWhere(parameters, groupKey),
    ...searched(parameters.text('search'), groupIdOf(groupKey)),
  ];
  return { profiles: conditions.map(profileFilter), members: null, conditions, groupKey };
}

/** A condition on what users did is a cohort that is described in place. */
function profileFilter(condition: UserConditionInput): FilterInput {
  // Nothing but conditions that filters have too.
  if (isFilter(condition)) return condition as FilterInput;
  return {
    type: 'cohort',
    operator: 'in',
    cohorts: [{ type: 'conditions', filters: [condition] }],
  };
}

function isFilter(condition: UserConditionInput): boolean {
  if (condition.type === 'all' || condition.type === 'any') {
    return condition.filters.every(isFilter);
  }
  return condition.type === 'property' || condition.type === 'cohort';
}

/** Null = no ids are named. */
function namedIds(parameters: Parameters): string[] | null {
  const one = parameters.text('distinct_id');
  return parameters.texts('distinct_ids') ?? (one === undefined ? null : [one]);
}

/**
 * The users whom alone the question names, canonical ids: nothing has to be looked through then. Null = it says more,
 * or names more than one page holds.
 */
export async function readOnlyIds(
  { parameters, project }: Asked,
  { users }: DataDeps,
): Promise<string[] | null> {
  const others = ['where', 'behaviors', 'filter_by_cohort', 'search', 'data_group_id', 'sort_key'];
  const ids = others.some((name) => parameters.has(name)) ? null : namedIds(parameters);
  if (ids === null || ids.length > 1000) return null;
  const canonical = new Set((await users.canonical(project, ids)).values());
  return [...canonical].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function identified(
  { parameters, project }: Asked,
  { users }: DataDeps,
): Promise<UserConditionInput[]> {
  const ids = namedIds(parameters);
  if (ids === null) return [];
  // An id that nobody has is nobody's.
  const canonical = await users.canonical(project, ids);
  const named = { type: 'users' as const, ids: [...new Set(canonical.values())] };
  return [{ type: 'cohort', operator: 'in', cohorts: [named] }];
}

function whereOf(parameters: Parameters, untilMs: number): UserConditionInput[] {
  const behaviors = readBehaviors(parameters);
  if (behaviors.size > 0 && parameters.has('filter_by_cohort')) {
    parameters.refuse('behaviors', 'and filter_by_cohort exclude each other');
  }
  const root = readExpression(parameters, 'where');
  if (root === undefined) return [];
  if (hasBehaviors(root)) return conditionsOf(root, behaviors, untilMs);
  // Of profiles alone, which are conditions on users as they are.
  return filtersOf(root, { name: 'where', scope: 'person' }) as UserConditionInput[];
}

function groupsWhere(parameters: Parameters, groupKey: string): UserConditionInput[] {
  const root = readExpression(parameters, 'where');
  if (root === undefined) return [];
  if (hasBehaviors(root)) parameters.refuse('where', 'names behaviors, which groups have none of');
  const named = { name: 'where', scope: 'person' } as const;
  return filtersOf(ofGroups(root, groupKey), named) as UserConditionInput[];
}

/** In the name, the address or the id, ignoring case. */
function searched(
  text: string | undefined,
  id: PropertyRefInput = { scope: 'person', name: '$distinct_id' },
): UserConditionInput[] {
  if (text === undefined) return [];
  const names = ['$name', '$first_name', '$last_name', '$email'];
  const properties = [...names.map((name) => ({ scope: 'person' as const, name })), id];
  const filters = properties.map((property): UserConditionInput => ({
    type: 'property',
    property,
    operator: 'contains',
    values: [text],
  }));
  return [{ type: 'any', filters }];
}

export async function readCohort(
  { parameters, project }: Asked,
  { definitions }: Pick<DataDeps, 'definitions'>,
  untilMs: number,
): Promise<CohortRefInput | null> {
  const given = parameters.json('filter_by_cohort');
  if (given === undefined) return null;
  const parsed = cohortSchema.safeParse(given);
  if (!parsed.success) {
    return parameters.refuse('filter_by_cohort', 'must be {"id": …} or {"raw_cohort": {…}}');
  }
  if ('raw_cohort' in parsed.data) return rawCohort(parsed.data.raw_cohort, untilMs);
  const id = String(parsed.data.id);
  const { archived } = await definitions.get(project, 'cohort', id);
  if (archived) throw new ApiError('NOT_FOUND', `cohort "${id}" is archived`);
  return { type: 'saved', id };
}
