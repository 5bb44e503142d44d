import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { encodeRowBatch, type RowBatch } from '../../src/format/row-batch.ts';
import { encodeFrames } from './encode-frames.ts';

/**
 * `tsx test/golden/add-case.ts test/golden/v1/name.json` writes the binary twin of a JSON text: of a batch
 * `name.arwb`, of a list of batches `name.arlog`. What exists is never written over.
 */
for (const path of process.argv.slice(2)) {
  const content = JSON.parse(readFileSync(path, 'utf8')) as RowBatch | RowBatch[];
  const isLog = Array.isArray(content);
  const twin = path.replace(/\.json$/, isLog ? '.arlog' : '.arwb');
  if (existsSync(twin)) throw new Error(`${twin} exists: golden files are never edited`);
  writeFileSync(twin, isLog ? encodeFrames(content) : encodeRowBatch(content));
}
