import { expect, it } from 'vitest';
import { workerLimits } from '../limits.ts';
import { LiveRoom } from './live-room.ts';

const { liveRecordsPerSecond: perSecond, liveRecordsBurst: burst } = workerLimits;

it('shows all of who sends little, and of others so many a second', () => {
  let now = 1000;
  const room = new LiveRoom(() => now);
  expect(room.take(1, burst - 1)).toBe(burst - 1);
  expect(room.take(1, 5)).toBe(1);
  expect(room.take(1, 5)).toBe(0);
  expect(room.take(2, 5)).toBe(5);
  now += 100;
  expect(room.take(1, burst)).toBe(perSecond / 10);
  now += 60_000;
  expect(room.take(1, burst + 1)).toBe(burst);
});

it('gives nothing for a clock that was set back', () => {
  let now = 1000;
  const room = new LiveRoom(() => now);
  room.take(1, burst);
  now = 0;
  expect(room.take(1, 1)).toBe(0);
});

it('begins anew rather than to remember projects without end', () => {
  const room = new LiveRoom(() => 0);
  room.take(1, burst);
  for (let project = 2; project <= workerLimits.liveProjectsMax + 1; project++)
    room.take(project, 1);
  expect(room.take(1, 1)).toBe(1);
});
