'use client';

import { useQueryClient } from '@tanstack/react-query';
import type { Board, BoardChange } from '@arbor/schema/boards';
import { useEffect, useRef, useState } from 'react';
import { useProject } from '#api/project-context.tsx';
import { useTRPC, useTRPCClient } from '#api/trpc.ts';
import { describeFailure, type Failure } from '#report/stream-query.ts';

type Change = Omit<BoardChange, 'version'>;

export type BoardEditor = {
  /** With every change that was made here, saved or not. */
  readonly board: Board;
  readonly change: (change: Change) => void;
  readonly state: 'saved' | 'saving' | 'failed';
  /** Why the last change was not saved; others are not tried before the board was loaded again. */
  readonly failure: Failure | null;
  /** Gives up what was not saved and takes the board as it is stored. */
  readonly reload: () => void;
};

/**
 * A board while it is changed: what was changed shows at once and is saved as soon as the change before it is. Each
 * change names the version that the one before made, so that what somebody else saved meanwhile is not written over:
 * then nothing more is saved, and the page says so. While nothing is under way, what others save is taken over.
 */
export function useBoardEditor(loaded: Board): BoardEditor {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  const [board, setBoard] = useState(loaded);
  const [state, setState] = useState<BoardEditor['state']>('saved');
  const [failure, setFailure] = useState<Failure | null>(null);
  const version = useRef(loaded.version);
  const waiting = useRef<Change | null>(null);
  const running = useRef(false);

  const save = async (): Promise<void> => {
    if (running.current) return;
    running.current = true;
    setState('saving');
    try {
      while (waiting.current !== null) {
        const change = { ...waiting.current, version: version.current };
        waiting.current = null;
        const { id } = loaded;
        const after = await api.boards.change.mutate({ projectId, id, change });
        version.current = after.version;
        client.setQueryData(trpc.boards.get.queryKey({ projectId, id }), after);
      }
      setState('saved');
      void client.invalidateQueries(trpc.boards.list.pathFilter());
      running.current = false;
    } catch (error) {
      // `running` stays: what follows was made of a board that is no more.
      setFailure(describeFailure(error));
      setState('failed');
    }
  };
  const take = (stored: Board): void => {
    version.current = stored.version;
    setBoard(stored);
    setFailure(null);
    setState('saved');
  };
  useEffect(() => {
    if (running.current || loaded.version <= version.current) return;
    // Read again by the cache: the page showed what it still had of a visit before.
    take(loaded);
  }, [loaded]);
  const reload = (): void => {
    const { id } = loaded;
    api.boards.get.query({ projectId, id }).then(
      (stored) => {
        waiting.current = null;
        running.current = false;
        client.setQueryData(trpc.boards.get.queryKey({ projectId, id }), stored);
        take(stored);
      },
      (error: unknown) => setFailure(describeFailure(error)),
    );
  };
  const change = (next: Change): void => {
    setBoard((before) => ({ ...before, ...(next as Partial<Board>) }));
    waiting.current = { ...waiting.current, ...next };
    void save();
  };
  return { board, change, state, failure, reload };
}
