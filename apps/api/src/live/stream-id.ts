/** Ids of Redis streams: `<ms>-<counter>`, ordered by both numbers. */
export function isStreamId(text: string): boolean {
  return /^\d{1,16}-\d{1,16}$/.test(text);
}

/** Whether `a` lies behind `b` in the stream. */
export function isAfter(a: string, b: string): boolean {
  const [aMs, aCounter] = parts(a);
  const [bMs, bCounter] = parts(b);
  return aMs === bMs ? aCounter > bCounter : aMs > bMs;
}

function parts(id: string): [number, number] {
  const [ms, counter] = id.split('-');
  return [Number(ms), Number(counter ?? 0)];
}
