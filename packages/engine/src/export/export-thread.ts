import { parentPort, workerData } from 'node:worker_threads';
import { must } from '../base/assert.ts';
import type { ExportSetup, FromExporter, ToExporter } from './export-messages.ts';
import { Exporter } from './exporter.ts';

/** Entry of the thread of one export. */

const port = must(parentPort, 'the port to whoever exports');
const exporter = new Exporter(workerData as ExportSetup);

port.on('message', (message: ToExporter) => {
  const answer = exporter.take(message);
  if (answer !== null) port.postMessage(answer, memoryOf(answer));
});

/** Bytes that fill their memory move to the other thread; others (pieces of a pool) are copied. */
function memoryOf(answer: FromExporter): ArrayBuffer[] {
  if (answer.type !== 'lines') return [];
  const { buffer, byteLength } = answer.bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
