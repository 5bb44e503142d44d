import type { Properties } from '@arbor/schema/property-value';

/** An event as the model knows it. Arrival is the order in the array. */
export interface WorldEvent {
  /** Canonical id; "" = belongs to no user. */
  readonly user: string;
  readonly event: string;
  readonly time: number;
  readonly properties: Properties;
}

/** Everything that happened, as plain objects: the input of the model and of the engine alike. */
export interface World {
  readonly events: readonly WorldEvent[];
  /** Current profile by user. */
  readonly people: Readonly<Record<string, Properties>>;
  /** Names that "any event" leaves out (3.2). */
  readonly hiddenEvents?: readonly string[];
}
