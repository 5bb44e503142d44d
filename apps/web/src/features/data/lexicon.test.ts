import type { LexiconEntry } from '@arbor/schema/definitions';
import { describe, expect, it } from 'vitest';
import { emptyEntry, filterRows, lexiconRows, volumeQuery, volumesOf } from './lexicon.ts';

const entry = (name: string, said: Partial<LexiconEntry> = {}): LexiconEntry => ({
  ...emptyEntry(name),
  ...said,
});
const parts = {
  events: [
    { name: 'Order completed', count: 9, firstDay: 20_000, lastDay: 20_002 },
    { name: '$mp_web_page_view', count: 4 },
  ],
  properties: [
    { scope: 'event' as const, name: '$browser', count: 9, types: ['string' as const] },
    { scope: 'person' as const, name: 'plan', count: 2, types: ['string' as const] },
  ],
  entries: [
    entry('Order completed', { displayName: 'Purchase', description: 'Paid for' }),
    entry('Refund', { hidden: true }),
  ],
  recent: new Map([['Order completed', 3]]),
};

describe('lexiconRows', () => {
  it('joins what arrived with what was said, and lists what was only said', () => {
    const rows = lexiconRows('event', parts);
    expect(rows.map(({ name, label, count, recent }) => [name, label, count, recent])).toEqual([
      ['Order completed', 'Purchase', 9, 3],
      ['$mp_web_page_view', '$mp_web_page_view', 4, 0],
      ['Refund', 'Refund', 0, 0],
    ]);
    expect(rows[0]).toMatchObject({ firstMs: 20_000 * 86_400_000, lastMs: 20_002 * 86_400_000 });
    expect(rows[1]).toMatchObject({ firstMs: null, entry: emptyEntry('$mp_web_page_view') });
  });

  it('knows no volume while it is on its way', () => {
    expect(lexiconRows('event', { ...parts, recent: null })[0]?.recent).toBeNull();
  });

  it('keeps properties of events and of users apart', () => {
    const of = (entity: 'event_property' | 'person_property') =>
      lexiconRows(entity, { ...parts, entries: [] }).map(({ label }) => label);
    expect(of('event_property')).toEqual(['Browser']);
    expect(of('person_property')).toEqual(['plan']);
  });
});

describe('filterRows', () => {
  const rows = lexiconRows('event', parts);
  const names = (search: string, show: 'all' | 'visible' | 'hidden' = 'all') =>
    filterRows(rows, { search, show }).map(({ name }) => name);

  it('looks at the raw name, the display name and the description', () => {
    expect(names('purch')).toEqual(['Order completed']);
    expect(names('ORDER')).toEqual(['Order completed']);
    expect(names('paid')).toEqual(['Order completed']);
    expect(names('nothing')).toEqual([]);
  });

  it('shows what is hidden, or what is not', () => {
    expect(names('', 'hidden')).toEqual(['Refund']);
    expect(names('', 'visible')).toEqual(['Order completed', '$mp_web_page_view']);
  });
});

describe('volumes', () => {
  it('are asked for by name, hidden events among them', () => {
    const query = volumeQuery({ from: '2026-01-01', to: '2026-01-30' }, ['Refund']);
    expect(JSON.stringify(query.metrics)).toContain('"Refund"');
    expect(query.breakdowns).toEqual([{ property: { scope: 'event', name: '$event_name' } }]);
  });

  it('are read from the segments', () => {
    const series = (text: string | null, total: number | null) => ({
      metric: 0,
      segment: text === null ? null : { kind: 'value' as const, text },
      values: [],
      total,
    });
    const result = {
      type: 'insights' as const,
      buckets: [],
      segmentCounts: [],
      series: [series(null, 9), series('Buy', 5), series('Gone', null)],
    };
    expect([...volumesOf(result as never)]).toEqual([['Buy', 5]]);
    expect(volumesOf({ type: 'users', total: 0, users: [], next: null } as never).size).toBe(0);
  });
});
