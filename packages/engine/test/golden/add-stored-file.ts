import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { encodeStoredFile, sortOfStoredFile, storedFileEnds } from './stored-files.ts';

/**
 * `tsx test/golden/add-stored-file.ts test/golden/files-v1/users-name.json` writes the binary twin of a JSON
 * text: a users, people or covered file. What exists is never written over.
 */
for (const path of process.argv.slice(2)) {
  const name = basename(path, '.json');
  const twin = path.replace(/\.json$/, storedFileEnds[sortOfStoredFile(name)]);
  if (existsSync(twin)) throw new Error(`${twin} exists: golden files are never edited`);
  writeFileSync(twin, await encodeStoredFile(name, JSON.parse(readFileSync(path, 'utf8'))));
}
