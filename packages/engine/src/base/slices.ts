/** Hands the event loop back in the midst of long work, so that the process still answers. */
export class Slices {
  readonly #clock: () => number;
  readonly #sliceMs: number;
  #end: number;

  constructor(clock: () => number, sliceMs = defaultSliceMs) {
    this.#clock = clock;
    this.#sliceMs = sliceMs;
    this.#end = clock() + sliceMs;
  }

  /** To be called after every few milliseconds of work; waits for one turn of the loop when the slice is used up. */
  async pause(): Promise<void> {
    if (this.#clock() < this.#end) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#end = this.#clock() + this.#sliceMs;
  }
}

/** Work that can be left between its steps, and has a result. */
export type Steps<Result> = Generator<undefined, Result>;

/** Does the work with pauses where its slices are used up. */
export async function inSlices<Result>(steps: Steps<Result>, slices: Slices): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await slices.pause();
  }
}

/** Does it without a pause. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Half of what a live batch or a probe may be made to wait. */
const defaultSliceMs = 25;
