/** The part of V8's CPU profile that says where samples fell. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  /** µs since the sample before. */
  readonly timeDeltas: readonly number[];
}

export interface HotFunction {
  readonly place: string;
  /** In the function itself, without what it calls. */
  readonly ms: number;
  /** Of the time in which the thread did anything. */
  readonly share: number;
}

/** Waiting, not work. */
const idle = new Set(['(idle)', '(program)', '(root)']);

/** Functions by their own time, the costliest first; a thread that only waited has none. */
export function hottest(profile: CpuProfile, count: number): HotFunction[] {
  const places = new Map(
    profile.nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const name = functionName === '' ? '(anonymous)' : functionName;
      const file = url.replace(/^.*\/(?=(?:packages|apps|node_modules)\/)/, '');
      return [id, url === '' ? name : `${name} ${file}:${lineNumber + 1}`];
    }),
  );
  const ms = new Map<string, number>();
  profile.samples.forEach((node, index) => {
    const place = places.get(node) ?? '(unknown)';
    if (idle.has(place)) return;
    ms.set(place, (ms.get(place) ?? 0) + profile.timeDeltas[index] / 1000);
  });
  const busy = [...ms.values()].reduce((sum, one) => sum + one, 0);
  return [...ms]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([place, own]) => ({ place, ms: own, share: own / busy }));
}
