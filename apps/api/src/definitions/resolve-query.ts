import { customEventPrefix, customPropertyPrefix } from '@arbor/schema/definitions';
import type { EventMatch, PropertyRef, Query, UserCondition } from '@arbor/schema/query';
import { listQuerySchema } from '@arbor/schema/query';
import { ApiError } from '../errors.ts';

/** What the names and ids in a query stand for in a project; undefined = there is no such thing. */
export interface SavedDefinitions {
  cohort(id: string): SavedCohort | undefined;
  customEvent(id: string): SavedEvent | undefined;
  customProperty(id: string): SavedProperty | undefined;
  /** All names that are read as the same event, itself among them; undefined = the name stands for itself alone. */
  eventNames(name: string): readonly string[] | undefined;
  /** Each group of such names once, the one that others were merged into first. */
  mergedEvents(): readonly (readonly string[])[];
}
export type SavedCohort =
  | { readonly type: 'conditions'; readonly name: string; readonly filters: UserCondition[] }
  | { readonly type: 'users'; readonly name: string; readonly ids: string[] };
export interface SavedEvent {
  readonly name: string;
  readonly matches: readonly Pick<EventMatch, 'event' | 'filters'>[];
}
export interface SavedProperty {
  readonly name: string;
  readonly property: PropertyRef;
}

/** Deeper than any person nests cohorts. */
const depthMax = 32;
/** A hundred cohorts that each hold a hundred others: beyond, plans would not fit into memory. */
const placesMax = 10_000;
/** Of one event of a query: 25 custom events of 25 events each, and some merges. */
const alternativesMax = 1000;

type Json = Readonly<Record<string, unknown>>;

/**
 * The query with everything that the project has saved put in its place: saved cohorts, custom events and
 * properties, and events that were merged into others; properties that were merged are planned as one. Planning it needs no look at the project's tables any
 * more. Throws ApiError INVALID_QUERY, with the id, for what does not exist and for cohorts that hold themselves.
 *
 * Parts of a query are known by their shape, wherever they stand: `anyOf` with matches is a selector, `scope`
 * with `name` a property, `type: 'saved'` a cohort. `resolve-query.property.test.ts` holds this against the
 * schema. A query without saved things comes out equal, so resolving twice is resolving once. Each cohort is
 * resolved once, and is the same object wherever it stands.
 */
export function resolveQuery(query: Query, saved: SavedDefinitions): Query {
  // Every replacement has the shape of what it replaces.
  return new Resolver(saved).visit(query) as Query;
}

class Resolver {
  readonly #saved: SavedDefinitions;
  readonly #known = new Map<string, Known>();
  /** What is being resolved, outermost first: what stands in itself is here already. */
  readonly #open: string[] = [];
  /** So many saved things were put in, those inside others each time. */
  #places = 0;
  /** Numbers of lists of users. */
  readonly #lists = new Map<readonly unknown[], number>();

  constructor(saved: SavedDefinitions) {
    this.#saved = saved;
  }

  visit(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((item) => this.visit(item));
    if (!isObject(node)) return node;
    if (isCohort(node)) return this.#cohort(node.id);
    // Up to a million texts, and nothing to resolve.
    if (node.type === 'users' && 'ids' in node) return node;
    if (isListed(node)) return { ...node, list: this.#list(node.list) };
    if (isSelector(node)) return this.#selector(node);
    if (isProperty(node)) return this.#property(node);
    // The point of a list names its report by the same type, and has no anchors.
    if (node.type === 'flow' && Array.isArray(node.anchors)) return this.#flow(node);
    return this.#inside(node);
  }

  #inside(node: Json): Json {
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, this.visit(value)]));
  }

  #cohort(id: string): unknown {
    return this.#once('cohort', id, () => {
      const cohort = this.#saved.cohort(id) ?? missing('cohort', id);
      return cohort.type === 'users' ? cohort : this.#inside({ ...cohort });
    });
  }

  /** A list that is none is refused where it is planned, with the reason. */
  #list(list: unknown): unknown {
    const parsed = listQuerySchema.safeParse(list);
    return parsed.success ? this.visit(parsed.data) : list;
  }

  #selector(selector: Selector): Json {
    const anyOf = selector.anyOf.map((match) => this.#match(match));
    const [only, another] = selector.anyOf;
    const id = another === undefined ? customId(only?.event, customEventPrefix) : undefined;
    const label =
      selector.label ?? (id !== undefined ? this.#saved.customEvent(id)?.name : undefined);
    return { ...selector, anyOf, ...(label !== undefined && { label }) };
  }

  /** Several events in the place of one are its definition: its first time is the first of them all. */
  #match(match: EventMatch): Json {
    const inside = this.#inside({ ...match });
    const { event } = match;
    if (match.definition !== undefined) {
      return { ...inside, definition: this.#definition(match.definition) };
    }
    if (event === null) return inside;
    const isCustom = customId(event, customEventPrefix) !== undefined;
    if (!isCustom && this.#saved.eventNames(event) === undefined) return inside;
    return { ...inside, event: null, definition: this.#alternatives(event) };
  }

  #definition(matches: readonly Pick<EventMatch, 'event' | 'filters'>[]): unknown {
    const all = matches.map(({ event, filters }) => {
      const own = this.visit(filters) as EventMatch['filters'];
      const names = event === null ? [{ event, filters: [] }] : (this.#alternatives(event) ?? []);
      return names.map((name) => ({ event: name.event, filters: [...name.filters, ...own] }));
    });
    const flat = all.flat();
    if (flat.length > alternativesMax) {
      throw new ApiError(
        'INVALID_QUERY',
        `a custom event comes to more than ${alternativesMax} events`,
      );
    }
    if (flat.length === all.length) return flat;
    // Several that were merged into one name stand for the same events.
    return [...new Map(flat.map((match) => [this.#textOf(match), match])).values()];
  }

  /** The same for the same matches. Lists of users are shared, and too long to be written out. */
  #textOf(match: Pick<EventMatch, 'event' | 'filters'>): string {
    return JSON.stringify(match, (key, value: unknown) => {
      if (key !== 'ids' || !Array.isArray(value)) return value;
      const number = this.#lists.get(value) ?? this.#lists.size;
      this.#lists.set(value, number);
      return number;
    });
  }

  /** The stored events that a name stands for. */
  #alternatives(event: string): EventMatch['definition'] {
    const id = customId(event, customEventPrefix);
    if (id === undefined) return this.#names(event).map((name) => ({ event: name, filters: [] }));
    return this.#once('custom event', id, () => {
      const { matches } = this.#saved.customEvent(id) ?? missing('custom event', id);
      return this.#definition(matches);
    }) as EventMatch['definition'];
  }

  #property(property: PropertyRef): Json {
    const id = customId(property.name, customPropertyPrefix);
    return id === undefined ? this.#inside({ ...property }) : this.#customProperty(id, property);
  }

  #customProperty(id: string, use: PropertyRef): Json {
    const custom = this.#saved.customProperty(id) ?? missing('custom property', id);
    if (use.computed !== undefined || use.path !== undefined) {
      throw new ApiError(
        'INVALID_QUERY',
        `custom property "${id}" is used with a ${use.computed ? 'computation' : 'path'} of its own: make ` +
          'another custom property that does both',
      );
    }
    if (use.scope !== custom.property.scope) {
      throw new ApiError(
        'INVALID_QUERY',
        `custom property "${id}" belongs to the scope ${custom.property.scope}, not ${use.scope}`,
      );
    }
    const resolve = (): Json => this.#property(custom.property);
    const resolved = this.#once('custom property', id, resolve) as Json;
    return use.cast === undefined ? resolved : { ...resolved, cast: use.cast };
  }

  /** Flows name events without a selector, too, and show those that were merged as one. */
  #flow(flow: Json): Json {
    const hidden = (flow.hidden as readonly string[]).flatMap((name) => this.#names(name));
    const expand = (flow.expand as readonly { event: string; property: PropertyRef }[]).map(
      ({ event, property }) => {
        return { event: this.#names(event)[0], property: this.#property(property) };
      },
    );
    const custom = this.visit(flow.customEvents) as readonly { name: string }[];
    const merged = this.#saved.mergedEvents().flatMap(([name = '']) => {
      if (custom.some((own) => own.name === name)) return [];
      return [{ name, selector: this.visit({ anyOf: [{ event: name, filters: [] }] }) }];
    });
    return {
      ...this.#inside({ ...flow, expand: [], customEvents: [] }),
      hidden: [...new Set(hidden)],
      expand,
      customEvents: [...custom, ...merged],
    };
  }

  #names(event: string): readonly string[] {
    return this.#saved.eventNames(event) ?? [event];
  }

  /** Each thing is resolved once, and counts wherever it stands: what others hold grows with every level. */
  #once(what: string, id: string, resolve: () => unknown): unknown {
    const key = `${what} "${id}"`;
    let known = this.#known.get(key);
    if (known === undefined) {
      const before = this.#places;
      known = { resolved: this.#within(key, resolve), places: this.#places - before + 1 };
      this.#known.set(key, known);
      this.#places = before;
    }
    this.#places += known.places;
    if (this.#places > placesMax) {
      throw new ApiError(
        'INVALID_QUERY',
        `${key} and others come to more than ${placesMax} saved things, each counted where it stands: let ` +
          'fewer of them hold one another',
      );
    }
    return known.resolved;
  }

  #within(key: string, resolve: () => unknown): unknown {
    if (this.#open.includes(key)) {
      const circle = [...this.#open.slice(this.#open.indexOf(key)), key];
      throw new ApiError('INVALID_QUERY', `a definition holds itself: ${circle.join(' → ')}`);
    }
    if (this.#open.length >= depthMax) {
      throw new ApiError('INVALID_QUERY', `${key} is nested more than ${depthMax} deep`);
    }
    this.#open.push(key);
    const resolved = resolve();
    this.#open.pop();
    return resolved;
  }
}

interface Known {
  readonly resolved: unknown;
  /** Itself and all that it holds. */
  readonly places: number;
}

interface Selector extends Json {
  readonly anyOf: readonly EventMatch[];
  readonly label?: string;
}

function isObject(node: unknown): node is Json {
  return typeof node === 'object' && node !== null;
}

function isCohort(node: Json): node is Json & { readonly id: string } {
  return node.type === 'saved' && typeof node.id === 'string';
}

function isListed(node: Json): node is Json & { readonly list: unknown } {
  return node.type === 'report' && 'list' in node;
}

function isSelector(node: Json): node is Selector {
  return Array.isArray(node.anyOf);
}

const scopes: ReadonlySet<unknown> = new Set<PropertyRef['scope']>([
  'event',
  'person',
  'group',
  'item',
]);

function isProperty(node: Json): node is Json & PropertyRef {
  return typeof node.name === 'string' && scopes.has(node.scope);
}

function customId(name: string | null | undefined, prefix: string): string | undefined {
  return name?.startsWith(prefix) === true ? name.slice(prefix.length) : undefined;
}

function missing(what: string, id: string): never {
  throw new ApiError('INVALID_QUERY', `there is no ${what} with the id "${id}" in this project`);
}
