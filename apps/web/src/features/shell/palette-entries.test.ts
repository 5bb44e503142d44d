import { describe, expect, it } from 'vitest';
import { matching, recentMax, withRecent, type PaletteEntry } from './palette-entries.ts';

const entry = (label: string): PaletteEntry => ({
  key: label,
  label,
  detail: 'Board',
  href: `/${label}`,
});

describe('matching', () => {
  const entries = ['Reorder', 'Weekly orders', 'Orders', 'Sign-ups'].map(entry);

  it('puts first what begins with the text, then words that do, then the rest', () => {
    expect(matching(entries, ' ORDER ').map(({ label }) => label)).toEqual([
      'Orders',
      'Weekly orders',
      'Reorder',
    ]);
  });

  it('lists nothing before anything is typed', () => {
    expect(matching(entries, ' ')).toEqual([]);
  });
});

describe('withRecent', () => {
  it('keeps the last ten, each once', () => {
    const many = Array.from({ length: recentMax + 3 }, (_, index) => entry(String(index)));
    const recent = many.reduce<readonly PaletteEntry[]>(withRecent, []);
    expect(recent).toHaveLength(recentMax);
    expect(recent[0]?.label).toBe(String(recentMax + 2));
    expect(
      withRecent(recent, entry('5'))
        .map(({ label }) => label)
        .slice(0, 2),
    ).toEqual(['5', String(recentMax + 2)]);
    expect(withRecent(recent, entry('5'))).toHaveLength(recentMax);
  });
});
