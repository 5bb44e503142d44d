import { repeatUntilStopped } from '../storage/repeat-until-stopped.ts';
import { Mover } from './mover.ts';
import type { MoverContext } from './mover-context.ts';

export interface Moves {
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/**
 * Moves users while there is any project on several shards; else it only looks now and then whether there is one. Of the two
 * contexts, which may share all but their readers, one is for the copies that queries wait for.
 */
export function startMoves(
  { copying, settling }: { readonly copying: MoverContext; readonly settling: MoverContext },
  onError: (error: Error) => void,
): Moves {
  const stopped = new AbortController();
  const { signal } = stopped;
  const { limits } = copying;
  const copier = new Mover(copying, signal);
  const settler = new Mover(settling, signal);
  const state = { isNeeded: false };
  const loop = (everyMs: number, run: () => Promise<void>): Promise<void> =>
    repeatUntilStopped({ everyMs, signal, onError, run });
  const loops = [
    loop(limits.projectsEveryMs, async () => {
      state.isNeeded = await hasSeveralShards(copying);
    }),
    loop(limits.everyMs, async () => {
      if (state.isNeeded) await unlessStopped(copier.copy(), signal);
    }),
    loop(limits.lateEveryMs, async () => {
      if (state.isNeeded) await unlessStopped(settler.settle(), signal);
    }),
  ];
  return {
    async stop() {
      stopped.abort(new Error('the process stops'));
      await Promise.all(loops);
    },
  };
}

/** What is stopped half-way is done again by whoever comes next. */
async function unlessStopped(work: Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function hasSeveralShards({ pool }: MoverContext): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM projects WHERE spread > 1)
       OR EXISTS (SELECT FROM user_moves WHERE state <> 'done') AS found`,
  );
  return rows[0]?.found === true;
}
