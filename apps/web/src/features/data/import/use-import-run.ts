'use client';

import { useQueryClient } from '@tanstack/react-query';
import type { ImportMapping, SavedImport } from '@arbor/schema/imports';
import { useEffect, useRef, useState } from 'react';
import { useProject } from '#api/project-context.tsx';
import { useTRPC, useTRPCClient } from '#api/trpc.ts';
import { useForgetNames } from '#report/names.ts';
import { fingerprintOf } from './fingerprint.ts';
import { runImport, type ImportProgress, type RefusedRow } from './import-run.ts';
import { sendRows } from './send-rows.ts';
import { readRows } from './source-rows.ts';

export type RunState = 'running' | 'paused' | 'done' | 'cancelled' | 'failed';

export type ImportRun = {
  readonly state: RunState;
  readonly file: File;
  readonly saved: SavedImport | null;
  readonly progress: ImportProgress;
  /** Of the file that were read, 0 to 1. */
  readonly share: number;
  readonly startedMs: number;
  /** Why it stopped, in words. */
  readonly failure: string | null;
};

export type ImportRunner = {
  readonly run: ImportRun | null;
  /** Refused rows of this visit, the first of them. */
  readonly refused: () => readonly RefusedRow[];
  readonly start: (file: File, mapping: ImportMapping) => void;
  readonly pause: () => void;
  readonly goOn: () => void;
  readonly cancel: () => void;
  /** Back to choosing a file. */
  readonly clear: () => void;
};

/** Rows that can be saved as a file afterwards. */
export const refusedKeptMax = 20_000;
const nothing: ImportProgress = { rows: 0, accepted: 0, refused: 0 };

/** Brings a file in while the page is open. A page that is closed leaves an import that goes on with the same file. */
export function useImportRun(): ImportRunner {
  const [run, setRun] = useState<ImportRun | null>(null);
  const abort = useRef<AbortController | null>(null);
  const refused = useRef<RefusedRow[]>([]);
  const { timezone } = useProject();
  const calls = useImportCalls();

  useEffect(() => () => abort.current?.abort(), []);
  const change = (next: Partial<ImportRun>): void =>
    setRun((before) => (before === null ? null : { ...before, ...next }));

  const work = async (file: File, saved: SavedImport, signal: AbortSignal): Promise<void> => {
    const { mapping } = saved;
    const onBytes = (bytes: number): void => change({ share: bytes / Math.max(1, file.size) });
    await runImport(readRows(file, { onBytes }), {
      context: { mapping, timezone },
      skip: saved.nextRow,
      signal,
      send: (rows) => sendRows((own) => calls.add(saved.id, own), rows, signal),
      onProgress: (progress) => change({ progress }),
      onRefused: (rows) => {
        refused.current.push(...rows.slice(0, refusedKeptMax - refused.current.length));
      },
    });
    change({ state: 'done', share: 1, saved: await calls.setState(saved.id, 'done') });
  };

  const begin = async (file: File, mapping: ImportMapping): Promise<void> => {
    const controller = new AbortController();
    abort.current = controller;
    const started = { state: 'running' as const, failure: null, startedMs: Date.now() };
    setRun({ file, saved: null, progress: nothing, share: 0, ...started });
    try {
      const saved = await calls.open(file, mapping);
      change({ saved, progress: { ...saved, rows: saved.nextRow } });
      await work(file, saved, controller.signal);
    } catch (error) {
      // Whoever stopped it has said so.
      if (controller.signal.aborted) return;
      change({ state: 'failed', failure: error instanceof Error ? error.message : String(error) });
    } finally {
      calls.forget();
    }
  };

  const stop = (state: 'paused' | 'cancelled'): void => {
    abort.current?.abort();
    change({ state });
  };
  return {
    run,
    refused: () => refused.current,
    start: (file, mapping) => {
      refused.current = [];
      void begin(file, mapping);
    },
    pause: () => stop('paused'),
    goOn: () => {
      if (run?.saved) void begin(run.file, run.saved.mapping);
    },
    cancel: () => {
      stop('cancelled');
      if (run?.saved) void calls.setState(run.saved.id, 'cancelled').then(calls.forget);
    },
    clear: () => setRun(null),
  };
}

/** What a run asks of the server. */
function useImportCalls() {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const forgetNames = useForgetNames();
  const { id: projectId } = useProject();
  return {
    /** The import of this very file that is open, or a new one. */
    open: async (file: File, mapping: ImportMapping): Promise<SavedImport> => {
      const fingerprint = await fingerprintOf(file);
      const { imports } = await api.imports.list.query({ projectId });
      const known = imports.find(
        (each) =>
          each.state === 'open' &&
          each.fingerprint === fingerprint &&
          JSON.stringify(each.mapping) === JSON.stringify(mapping),
      );
      if (known !== undefined) return known;
      const request = { fileName: file.name.slice(0, 255), fileBytes: file.size, fingerprint };
      return api.imports.create.mutate({ projectId, import: { ...request, mapping } });
    },
    add: (id: number, rows: Parameters<typeof api.imports.add.mutate>[0]['rows']) =>
      api.imports.add.mutate({ projectId, id, rows }),
    setState: (id: number, state: SavedImport['state']) =>
      api.imports.setState.mutate({ projectId, id, state }),
    forget: () => {
      forgetNames();
      void client.invalidateQueries(trpc.imports.list.pathFilter());
      void client.invalidateQueries(trpc.ingestHealth.pathFilter());
    },
  };
}
