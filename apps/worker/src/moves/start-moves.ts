import { repeatUntilStopped } from '../storage/repeat-until-stopped.ts';
import { Mover } from './mover.ts';
import type { MoverContext } from './mover-context.ts';

export interface Moves {
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/** Moves users while there is any project on several shards; else it only looks now and then whether there is one. */
export function startMoves(context: MoverContext, onError: (error: Error) => void): Moves {
  const stopped = new AbortController();
  const { signal } = stopped;
  const { limits } = context;
  const mover = new Mover(context, signal);
  const state = { isNeeded: false };
  const loop = (everyMs: number, run: () => Promise<void>): Promise<void> =>
    repeatUntilStopped({ everyMs, signal, onError, run });
  const loops = [
    loop(limits.projectsEveryMs, async () => {
      state.isNeeded = await hasSeveralShards(context);
    }),
    loop(limits.everyMs, async () => {
      if (state.isNeeded) await unlessStopped(mover.copy(), signal);
    }),
    loop(limits.lateEveryMs, async () => {
      if (state.isNeeded) await unlessStopped(mover.settle(), signal);
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
