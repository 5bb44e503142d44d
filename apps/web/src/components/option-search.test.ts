import { describe, expect, it } from 'vitest';
import { searchOptions, type Option } from './option-search.ts';

const options: Option<string>[] = [
  'Page viewed',
  'Order completed',
  'Reorder',
  'Checkout started',
  'Recorder opened',
].map((label) => ({ value: label, label, detail: label === 'Page viewed' ? 'pv_main' : '' }));

const labels = (text: string): string[] =>
  searchOptions(options, text).map((match) => match.option.label);

describe('searchOptions', () => {
  it('keeps the given order for an empty text', () => {
    expect(labels('  ')).toEqual(options.map((option) => option.label));
  });

  it('shows what is hidden to those who look for it', () => {
    const hidden = { value: 'Secret', label: 'Secret', onlySearched: true };
    const all = [...options, hidden];
    expect(searchOptions(all, '').map(({ option }) => option.label)).not.toContain('Secret');
    expect(searchOptions(all, 'secr').map(({ option }) => option.label)).toEqual(['Secret']);
  });

  it('ranks the beginning of the label before the middle of a word', () => {
    expect(labels('order')).toEqual(['Order completed', 'Reorder', 'Recorder opened']);
  });

  it('finds by initials and marks them', () => {
    const [first] = searchOptions(options, 'oc');
    expect(first?.option.label).toBe('Order completed');
    expect(first?.marks).toEqual([
      [0, 1],
      [6, 7],
    ]);
  });

  it('finds by the detail', () => {
    expect(labels('pv_')).toEqual(['Page viewed']);
  });

  it('forgives one letter: other, missing or too many', () => {
    expect(labels('chackout')).toEqual(['Checkout started']);
    expect(labels('chckout')).toEqual(['Checkout started']);
    expect(labels('checkoout')).toEqual(['Checkout started']);
  });

  it('does not forgive two, nor any in a short text', () => {
    expect(labels('chickaut')).toEqual([]);
    expect(labels('pxg')).toEqual([]);
  });

  it('finds what only its description says', () => {
    const described = [
      { value: 1, label: 'A', description: 'When a basket is paid' },
      { value: 2, label: 'B' },
    ];
    expect(searchOptions(described, 'basket').map(({ option }) => option.value)).toEqual([1]);
  });

  it('searches 5 000 names well within a frame or two', () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({
      value: i,
      label: `Event number ${i} happened`,
    }));
    const start = performance.now();
    searchOptions(many, 'numbre 49');
    expect(performance.now() - start).toBeLessThan(500);
  });
});
