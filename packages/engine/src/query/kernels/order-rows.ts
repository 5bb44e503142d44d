/**
 * Puts the places in `order` in ascending order of `codes[place]`, which are below `codeCount`, and keeps their
 * order where codes are equal.
 */
export function orderByCode(
  codes: Uint32Array,
  codeCount: number,
  order: Uint32Array,
  out: Uint32Array,
): void {
  const starts = new Uint32Array(codeCount + 1);
  for (let i = 0; i < order.length; i++) starts[codes[order[i]] + 1]++;
  for (let code = 0; code < codeCount; code++) starts[code + 1] += starts[code];
  for (let i = 0; i < order.length; i++) {
    const place = order[i];
    out[starts[codes[place]]++] = place;
  }
}
