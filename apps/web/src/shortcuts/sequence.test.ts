import { describe, expect, it } from 'vitest';
import { nextStep } from './sequence.ts';

const known = ['g i', 'g f', '?', 'f'];

describe('nextStep', () => {
  it('waits for the second key, then runs', () => {
    expect(nextStep(known, '', 'g')).toEqual({ type: 'wait', pending: 'g' });
    expect(nextStep(known, 'g', 'f')).toEqual({ type: 'run', keys: 'g f' });
  });

  it('runs single keys at once', () => {
    expect(nextStep(known, '', '?')).toEqual({ type: 'run', keys: '?' });
  });

  it('begins anew when a key does not continue the sequence', () => {
    expect(nextStep(known, 'g', '?')).toEqual({ type: 'run', keys: '?' });
    expect(nextStep(known, 'g', 'x')).toEqual({ type: 'none' });
  });
});
