import { createClient } from '@arbor/sdk-js';

/**
 * T27 of `browser-sdk.md` 15: a page that declares its events is told at once where it misspells one. Checked with the types of
 * this package: a line below an expectation that compiles is an error.
 */
type Shop = {
  'Signed up': { plan: 'free' | 'pro' };
  Searched: { query: string; results: number };
};

export function declared(): void {
  const shop = createClient<Shop>('TOKEN', { host: 'https://stats.example' });
  shop.track('Signed up', { plan: 'pro' });
  shop.track('Searched', { query: 'shoes', results: 3 }, { urgent: true, time: new Date() });
  shop.track('Searched');
  shop.timeEvent('Searched');
  // @ts-expect-error no event of this name
  shop.track('Signed Up', { plan: 'pro' });
  // @ts-expect-error no such value
  shop.track('Signed up', { plan: 'gold' });
  // @ts-expect-error a property is missing
  shop.track('Searched', { query: 'shoes' });
  // @ts-expect-error a property of another event
  shop.track('Signed up', { query: 'shoes', results: 3 });
  // @ts-expect-error no event of this name
  shop.timeEvent('Search');
}

export function undeclared(): void {
  const any = createClient('TOKEN');
  any.track('Whatever', { n: 1 });
  any.people.set({ plan: 'pro' });
  any.people.add({ visits: 1 });
  // @ts-expect-error only numbers are added
  any.people.add({ visits: 'one' });
  // @ts-expect-error properties have names
  any.track('Whatever', 7);
  // @ts-expect-error no such option
  createClient('TOKEN', { hosts: 'https://stats.example' });
}
