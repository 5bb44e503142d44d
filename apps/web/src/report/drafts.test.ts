import { expect, it } from 'vitest';
import { draftsMax, parseDrafts, withDraft, withoutDraft, type Draft } from './drafts.ts';

const draft = (id: string, name = id): Draft => ({
  id,
  type: 'insights',
  name,
  view: { chart: 'bar' },
  changedMs: 5,
});

it('keeps the latest twenty, each once, the last changed first', () => {
  let drafts: readonly Draft[] = [];
  for (let n = 0; n < draftsMax + 3; n += 1) drafts = withDraft(drafts, draft(`${n}`));
  expect(drafts).toHaveLength(draftsMax);
  expect(drafts[0]?.id).toBe('22');
  expect(drafts.at(-1)?.id).toBe('3');
  drafts = withDraft(drafts, draft('10', 'again'));
  expect(drafts).toHaveLength(draftsMax);
  expect(drafts[0]).toEqual(draft('10', 'again'));
});

it('forgets one that was saved or thrown away', () => {
  expect(withoutDraft([draft('a'), draft('b')], 'a')).toEqual([draft('b')]);
});

it('reads what it wrote, and nothing else', () => {
  expect(parseDrafts(JSON.stringify([draft('a')]))).toEqual([draft('a')]);
  expect(parseDrafts(null)).toEqual([]);
  expect(parseDrafts('{')).toEqual([]);
  expect(parseDrafts('[{"id":1}]')).toEqual([]);
});
