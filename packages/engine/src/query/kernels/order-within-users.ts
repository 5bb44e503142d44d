/** Runs longer than this are sorted by the library: insertion costs their square. */
const insertedMax = 64;

/**
 * Puts the places of each user in ascending order of their keys, and keeps their order where keys are equal. Users and
 * keys are by place; the places of a user lie together.
 */
export function orderWithinUsers(order: Uint32Array, users: Uint32Array, keys: Float64Array): void {
  let end = 0;
  for (let start = 0; start < order.length; start = end) {
    const user = users[order[start]];
    end = start + 1;
    while (end < order.length && users[order[end]] === user) end++;
    if (end - start <= insertedMax) insert(order, keys, start, end);
    else order.subarray(start, end).sort((left, right) => keys[left] - keys[right]);
  }
}

function insert(order: Uint32Array, keys: Float64Array, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const place = order[i];
    const key = keys[place];
    let at = i;
    while (at > start && keys[order[at - 1]] > key) {
      order[at] = order[at - 1];
      at--;
    }
    order[at] = place;
  }
}
