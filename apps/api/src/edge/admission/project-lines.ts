export interface Waiting {
  readonly records: number;
  readonly bytes: number;
  readonly since: number;
  /** When it is turned away; never before those that came before it into its line. */
  readonly until: number;
  readonly letIn: () => void;
  readonly turnAway: () => void;
}

/** Requests that wait for room, a line a project (or part of one); they take turns, whatever the length of their lines. */
export class ProjectLines {
  /** A project that was served goes to the end: a map keeps the order of insertion. */
  readonly #lines = new Map<number, Waiting[]>();
  readonly #bytesOf = new Map<number, number>();
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#lines.size === 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  bytesOf(project: number): number {
    return this.#bytesOf.get(project) ?? 0;
  }

  /** Since when the first in the project's line waits; undefined = nobody does. */
  oldestOf(project: number): number | undefined {
    return this.#lines.get(project)?.[0]?.since;
  }

  add(project: number, waiting: Waiting): void {
    const line = this.#lines.get(project);
    if (line === undefined) this.#lines.set(project, [waiting]);
    else line.push(waiting);
    this.#count(project, waiting.bytes);
  }

  /** Lets in one of each project in turn as long as `fits` says so. */
  serve(fits: (waiting: Waiting) => boolean): void {
    for (let next = this.#first(); next !== undefined; next = this.#first()) {
      const [project, waiting] = next;
      if (!fits(waiting)) return;
      const rest = this.#take(project);
      if (rest.length > 0) {
        this.#lines.delete(project);
        this.#lines.set(project, rest);
      }
      waiting.letIn();
    }
  }

  /** Turns away those whose time is over. */
  turnAwayAfter(now: number): void {
    for (const [project, line] of this.#lines) {
      while (line[0] !== undefined && line[0].until < now) {
        const [waiting] = line;
        this.#take(project);
        waiting.turnAway();
      }
    }
  }

  #first(): [number, Waiting] | undefined {
    for (const [project, [waiting]] of this.#lines) {
      if (waiting !== undefined) return [project, waiting];
    }
    return undefined;
  }

  /** The line without its first, which is gone from all counts. */
  #take(project: number): Waiting[] {
    const line = this.#lines.get(project) ?? [];
    const taken = line.shift();
    if (taken !== undefined) this.#count(project, -taken.bytes);
    if (line.length === 0) this.#lines.delete(project);
    return line;
  }

  #count(project: number, bytes: number): void {
    this.#bytes += bytes;
    const own = this.bytesOf(project) + bytes;
    if (own > 0) this.#bytesOf.set(project, own);
    else this.#bytesOf.delete(project);
  }
}
