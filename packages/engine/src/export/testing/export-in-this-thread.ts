import { must } from '../../base/assert.ts';
import type { ExportSetup, FromExporter } from '../export-messages.ts';
import type { ExportWorker } from '../export-worker.ts';
import { Exporter } from '../exporter.ts';

/** Makes the lines where it is asked, for tests of many exports: starting a thread takes longer than they do. */
export function exportInThisThread(setup: ExportSetup, sliceRows?: number): ExportWorker {
  const exporter = new Exporter(setup, sliceRows);
  let said: FromExporter | null = null;
  return {
    send: (message) => (said = exporter.take(message)),
    answer: () => Promise.resolve(must(said, 'an answer')),
    end: () => Promise.resolve(),
  };
}
