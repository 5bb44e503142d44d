import { describe, expect, it } from 'vitest';
import { assert, AssertionError, must } from './assert.ts';
import { EngineError } from './errors.ts';
import { projectId, shardId } from './ids.ts';

describe('engine error', () => {
  it('says whether the caller may try again, and keeps the cause', () => {
    const cause = new Error('no space left on device');
    const error = new EngineError('LOG_WRITE_FAILED', 'row log: not stored', { cause });
    expect([error.retry, error.status, error.cause]).toStrictEqual([true, 503, cause]);
    expect(new EngineError('INVALID_QUERY', 'no').retry).toBe(false);
  });
});

describe('assert', () => {
  it('builds its text only when it fails', () => {
    const text = () => {
      throw new Error('was built');
    };
    expect(() => assert(true, text)).not.toThrow();
    expect(() => assert(false, () => 'three is not two')).toThrow(
      new AssertionError('three is not two'),
    );
  });

  it('takes 0 and "" for values that are there', () => {
    expect([must(0, 'count'), must('', 'text')]).toStrictEqual([0, '']);
    expect(() => must(undefined, 'the view')).toThrow('the view is missing');
  });
});

describe('ids', () => {
  it('are made of numbers that fit where they are written', () => {
    expect([projectId(1), shardId(0)]).toStrictEqual([1, 0]);
    expect(() => projectId(0)).toThrow('project 0 is not an integer from 1 to 4294967295');
    expect(() => shardId(-1)).toThrow('shard -1 is not an integer from 0 to 4294967295');
    expect(() => projectId(1.5)).toThrow('project 1.5 is not an integer from 1 to 4294967295');
  });
});
