import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { ApiError } from '../errors.ts';
import { toFinalTrpcError, toTrpcError } from './procedures.ts';

test('keeps the text of an error of ours and finds the code for it', () => {
  const error = new ApiError('OVERLOADED', '60 queries of project 1 wait already');
  expect(toTrpcError(error)).toMatchObject({
    code: 'TOO_MANY_REQUESTS',
    message: '60 queries of project 1 wait already',
    cause: error,
  });
});

test('tells nothing of what went wrong inside', () => {
  const inside = new Error('connect ECONNREFUSED 10.0.0.1:5432');
  for (const error of [inside, new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: inside })]) {
    expect(toTrpcError(error)).toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      message: 'something went wrong inside the server',
      cause: { code: 'INTERNAL', cause: inside },
    });
  }
});

test('leaves what trpc itself found wrong with a request as it is', () => {
  const error = new TRPCError({ code: 'BAD_REQUEST', message: 'bad input' });
  expect(toTrpcError(error)).toBe(error);
});

test('ends a stream with a code that no client takes for a lost connection', () => {
  const error = new ApiError('UNAVAILABLE', 'no replica of shards 3 answers');
  expect(toFinalTrpcError(error)).toMatchObject({
    code: 'PRECONDITION_FAILED',
    message: 'no replica of shards 3 answers',
    cause: { code: 'UNAVAILABLE' },
  });
});
