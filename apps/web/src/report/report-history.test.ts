import { describe, expect, it } from 'vitest';
import {
  emptyHistory,
  recorded,
  redone,
  stepsMax,
  undone,
  withoutOpened,
  type ReportHistory,
} from './report-history.ts';

const afterChanges = (count: number): ReportHistory<number> => {
  let history: ReportHistory<number> = emptyHistory;
  for (let state = 0; state < count; state++) history = recorded(history, state);
  return history;
};

describe('undo and redo (UX-R3)', () => {
  it('goes back a hundred changes and forward again, one by one', () => {
    let history = afterChanges(100);
    let state = 100;
    for (let wanted = 99; wanted >= 0; wanted--) {
      const step = undone(history, state);
      expect(step?.state).toBe(wanted);
      ({ state, history } = step ?? { state, history });
    }
    expect(undone(history, state)).toBeNull();
    for (let wanted = 1; wanted <= 100; wanted++) {
      const step = redone(history, state);
      expect(step?.state).toBe(wanted);
      ({ state, history } = step ?? { state, history });
    }
    expect(redone(history, state)).toBeNull();
  });

  it('forgets what was undone once something else is changed', () => {
    const step = undone(afterChanges(3), 3);
    expect(step?.state).toBe(2);
    expect(redone(recorded(step?.history ?? emptyHistory, 2), 9)).toBeNull();
  });

  it('keeps the latest changes and no more than it may', () => {
    const { past } = afterChanges(stepsMax + 5);
    expect(past).toHaveLength(stepsMax);
    expect(past.at(-1)).toBe(stepsMax + 4);
  });
});

describe('withoutOpened', () => {
  it('closes what stands beside the report and leaves the question as it is', () => {
    const question = { metrics: [1] };
    expect(withoutOpened({ ...question, listed: { what: 'users' } })).toEqual({
      ...question,
      listed: null,
    });
    expect(withoutOpened(question)).toBe(question);
  });
});
