import type { Surroundings } from './surroundings.ts';

const nothing = (): void => {};

/** Where there is no browser, or one without the basics: a client here is refused everything. */
export const nowhere: Surroundings = {
  post: () => Promise.reject(new Error('nowhere')),
  storage: undefined,
  now: Date.now,
  monotonic: Date.now,
  random: Math.random,
  uuid: () => '',
  characters: () => '',
  after: () => nothing,
  onHidden: nothing,
  onAwake: nothing,
  page: () => ({ url: '', referrer: '', title: '', device: {} }),
  refusesTracking: true,
  stop: nothing,
};
