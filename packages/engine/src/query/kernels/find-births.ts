/**
 * Writes which birth events make their user a member of their cohort, and returns their number: the first of each
 * user in each cohort, or (`firstOnly`) in the first cohort alone. Events are ordered by (user, time);
 * `cohorts[i]` is the cohort of event i, −1 outside the range.
 */
export function findBirths(
  users: Uint32Array,
  cohorts: Int32Array,
  firstOnly: boolean,
  found: Uint32Array,
): number {
  let count = 0;
  let user = 0;
  let cohort = -1;
  for (let i = 0; i < users.length; i++) {
    if (cohorts[i] < 0 || users[i] === 0) continue;
    if (users[i] === user && (firstOnly || cohorts[i] === cohort)) continue;
    user = users[i];
    cohort = cohorts[i];
    found[count++] = i;
  }
  return count;
}
