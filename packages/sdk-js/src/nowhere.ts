import type { Surroundings } from './surroundings.ts';

const nothing = (): never => undefined as never;

/**
 * Where there is no browser, or one without the basics. A client without a token runs none of its methods,
 * so that this is all it ever asks for.
 */
export const nowhere = {
  openStorage: nothing,
  characters: nothing,
  after: nothing,
  watch: nothing,
  now: nothing,
  stop: nothing,
} as Partial<Surroundings> as Surroundings;
