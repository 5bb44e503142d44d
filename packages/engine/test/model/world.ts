import type { Properties } from '@arbor/schema/property-value';
import type { EventSelector } from '@arbor/schema/query';
import type { PlanContext } from '../../src/query/plan/plan.ts';

/** An event as the model knows it. Arrival is the order in the array. */
export interface WorldEvent {
  /** Canonical id; "" = belongs to no user. */
  readonly user: string;
  readonly event: string;
  readonly time: number;
  readonly properties: Properties;
  /** Who did it, where the user is a group (21). */
  readonly doer?: string;
}

/** What is asked about a world: some properties depend on it. */
export interface Asked {
  readonly context: PlanContext;
  readonly range: { readonly startMs: number; readonly endMs: number };
  /** Of insights; null = the report is not by time. */
  readonly buckets: readonly { readonly startMs: number; readonly endMs: number }[] | null;
  /** Selectors hold filters on properties, and these selectors: one of both must be handed over. */
  readonly matches: (selector: EventSelector, event: WorldEvent, world: World) => boolean;
}

/** Everything that happened, as plain objects: the input of the model and of the engine alike. */
export interface World {
  readonly events: readonly WorldEvent[];
  /** Current profile by user. */
  readonly people: Readonly<Record<string, Properties>>;
  /** Of whoever did events, where `people` are those of groups. */
  readonly doers?: World['people'];
  /** Current profile by group key and id of the group. */
  readonly groups?: Readonly<Record<string, Readonly<Record<string, Properties>>>>;
  /** Cohorts are of the groups of this key, which events have several of (21). */
  readonly cohortsOf?: string;
  /** Names that "any event" leaves out (3.2). */
  readonly hiddenEvents?: readonly string[];
  readonly asked?: Asked;
}
