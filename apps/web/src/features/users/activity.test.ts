import { describe, expect, it } from 'vitest';
import type { ActivityEvent } from '@arbor/schema/users-result';
import { activityItems, eventDetail } from './activity.ts';

const at = (text: string, properties: Record<string, unknown> = {}): ActivityEvent => ({
  event: 'Page viewed',
  timeMs: Date.parse(text),
  properties,
});

const shape = (events: readonly ActivityEvent[], timezone = 'UTC'): string[] =>
  activityItems(events, timezone, null).map((item) => {
    if (item.type === 'day') return item.date;
    return item.type === 'gap' ? `gap ${item.days}` : `event ${item.index}`;
  });

describe('activityItems', () => {
  it("puts the day of the project's zone above its events", () => {
    const events = [at('2026-03-14T23:30Z'), at('2026-03-14T22:30Z')];
    expect(shape(events)).toEqual(['2026-03-14', 'event 0', 'event 1']);
    expect(shape(events, 'Europe/Berlin')).toEqual([
      '2026-03-15',
      'event 0',
      '2026-03-14',
      'event 1',
    ]);
  });

  it('tells how many days nothing happened, from two on', () => {
    const days = ['2026-03-20', '2026-03-18', '2026-03-15'].map((date) => at(`${date}T12:00Z`));
    expect(shape(days)).toEqual([
      '2026-03-20',
      'event 0',
      '2026-03-18',
      'event 1',
      'gap 2',
      '2026-03-15',
      'event 2',
    ]);
  });

  it('counts the events of a day where it is given them', () => {
    const [day] = activityItems([at('2026-03-14T12:00Z')], 'UTC', [
      { date: '2026-03-14', count: 7 },
    ]);
    expect(day).toMatchObject({ type: 'day', count: 7 });
  });
});

describe('eventDetail', () => {
  it("says three of the customer's properties, else the page", () => {
    const page = { $current_url: 'https://shop.example/hats' };
    expect(eventDetail(at('2026-03-14', { ...page, a: 1, b: 'x', c: true, d: 4 }))).toBe(
      'a: 1  b: x  c: true',
    );
    expect(eventDetail(at('2026-03-14', page))).toBe('https://shop.example/hats');
    expect(eventDetail(at('2026-03-14'))).toBe('');
  });
});
