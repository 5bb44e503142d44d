import { describe, expect, it } from 'vitest';
import { GroupReplay } from './group-replay.ts';

const profile = (values: { [name: string]: string }) => new Map(Object.entries(values));
const set = (values: { [name: string]: string }) => ({
  time: 0,
  ignoreTime: true,
  operations: [{ operator: '$set' as const, values }],
});

describe('profiles of users who become one', () => {
  it('are kept as they were at that moment, with what the other took over', () => {
    const group = new GroupReplay();
    group.begin(1, profile({ name: 'Ann' }));
    group.begin(2, profile({ name: 'Bob', city: 'Rome' }));
    group.unite(1, 2);
    group.update(2, set({ city: 'Oslo' }));
    expect(group.profile(2)).toEqual(profile({ name: 'Ann', city: 'Oslo' }));
    expect([...group.kept()]).toEqual([
      [
        2,
        [
          { name: 'name', value: 'Bob', wasTaken: false },
          { name: 'city', value: 'Rome', wasTaken: true },
        ],
      ],
    ]);
  });

  it('are kept of those alone who had one', () => {
    const group = new GroupReplay();
    group.begin(1, undefined);
    group.begin(2, undefined);
    group.begin(3, profile({ city: 'Rome' }));
    group.unite(1, 2);
    group.unite(2, 3);
    group.unite(1, 3);
    expect([...group.kept()]).toEqual([[3, [{ name: 'city', value: 'Rome', wasTaken: true }]]]);
    expect(group.profile(1)).toEqual(profile({ city: 'Rome' }));
  });
});
