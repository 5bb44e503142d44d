import { expect, test } from 'vitest';
import { Arrivals } from './arrivals.ts';

test('keeps what was written while it grows, and users without arrivals have no run', () => {
  const arrivals = new Arrivals(2, 1);
  for (let user = 1; user <= 300; user++) {
    const start = arrivals.count;
    for (let i = 0; i < user % 3; i++) {
      const index = arrivals.push(user);
      arrivals.paths[2 * index + 1] = user + 0.5;
      arrivals.values[index] = user;
    }
    arrivals.endRunOf(user, start);
  }
  expect([arrivals.endRun, arrivals.count]).toEqual([200, 300]);
  for (let run = 0; run < arrivals.endRun; run++) {
    const user = arrivals.users[run];
    expect(arrivals.starts[run + 1] - arrivals.starts[run]).toBe(user % 3);
    const at = arrivals.starts[run];
    expect([arrivals.times[at], arrivals.paths[2 * at + 1], arrivals.values[at]]).toEqual([
      user,
      user + 0.5,
      user,
    ]);
  }
  arrivals.clear();
  expect([arrivals.endRun, arrivals.count]).toEqual([0, 0]);
});
