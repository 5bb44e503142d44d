/**
 * Keeps of the mask each user's first row, and those at the same instant (`reports.md` 3.4). Rows lie by (user,
 * time); nobody (user 0) has no first time.
 */
export function keepFirst(users: Uint32Array, times: Float64Array, mask: Uint8Array): void {
  let user = 0;
  let firstMs = 0;
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === 0) continue;
    if (users[row] !== user) {
      user = users[row];
      firstMs = times[row];
    } else if (user === 0 || times[row] !== firstMs) {
      mask[row] = 0;
    }
  }
}
