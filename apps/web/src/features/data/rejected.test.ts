import { expect, it } from 'vitest';
import { prettyRecord, refusalKey, remedyOf } from './rejected.ts';

it('knows what to do about the reasons that the edge gives', () => {
  const of = (reason: string, field = ''): string => remedyOf({ reason, field }).slice(0, 24);
  expect(of('line is not valid json')).toBe('The body is cut off or n');
  expect(of(`'properties.distinct_id' is invalid: "…" identifies nobody`)).toBe(
    'The identifier is a plac',
  );
  expect(of(`'event' is invalid: must not be missing`)).toBe('The field is not there. ');
  expect(of(`'properties.time' is invalid: must be specified as seconds since epoch`)).toBe(
    'Send the time as seconds',
  );
  expect(of(`'properties.time' is invalid: must not be more than one hour in the future`)).toBe(
    'The clock of the sender ',
  );
  expect(of('token, missing or empty')).toBe('Copy the token of this p');
  expect(of('record exceeds max limit of 1048576 bytes')).toBe('The record is larger tha');
  expect(of('something new')).toBe('Correct the field that t');
});

it('tells reasons apart by source, field and text', () => {
  const refusal = { source: 'track' as const, code: 'invalid', field: 'a', reason: 'r', count: 1 };
  expect(refusalKey(refusal)).toBe(refusalKey({ ...refusal, count: 2 }));
  expect(refusalKey(refusal)).not.toBe(refusalKey({ ...refusal, field: 'b' }));
});

it('prints records in lines, and what is cut as it is', () => {
  expect(prettyRecord('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(prettyRecord('{"a":1,…')).toBe('{"a":1,…');
});
