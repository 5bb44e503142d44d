import type { AttemptTable } from './attempt-table.ts';

/** Copies the attempts of users first … end − 1, those of a user together and in the order in which they came. */
export function orderByUser(
  table: AttemptTable,
  { first, end }: { readonly first: number; readonly end: number },
  ordered: AttemptTable,
): void {
  const { count } = table;
  const users = table.users.array;
  const levels = table.levels.array;
  const starts = new Uint32Array(end - first + 1);
  for (let i = 0; i < count; i++) starts[users[i] - first + 1]++;
  for (let user = 1; user < starts.length; user++) starts[user] += starts[user - 1];
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[starts[users[i] - first]++] = i;
  const from = {
    times: table.times.array,
    values: table.values.array,
    numbers: table.numbers.array,
  };
  for (let i = 0; i < count; i++) ordered.add(users[order[i]], levels[order[i]], from, order[i]);
}
