/**
 * Writes the birth rows and returns their number: the first birth event of each user in each cohort, or
 * (`firstOnly`) in the first cohort alone. Rows are ordered by (user, time); `births` is 1 where the row is
 * a birth event, `cohorts[i]` is the cohort of row i, −1 outside the range.
 */
export function findBirths(
  { users, births }: { readonly users: Uint32Array; readonly births: Uint8Array },
  cohorts: Int32Array,
  firstOnly: boolean,
  rows: Uint32Array,
): number {
  let count = 0;
  let user = 0;
  let cohort = -1;
  for (let row = 0; row < users.length; row++) {
    if (births[row] === 0 || cohorts[row] < 0 || users[row] === 0) continue;
    if (users[row] === user && (firstOnly || cohorts[row] === cohort)) continue;
    user = users[row];
    cohort = cohorts[row];
    rows[count++] = row;
  }
  return count;
}
