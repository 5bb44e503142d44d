import fs from 'node:fs';
import path from 'node:path';
import { storedText } from './stored-texts.ts';

/** Every file below a folder that holds one of the texts, as it is or unpacked: `text in file`. */
export function findInFiles(folder: string, texts: readonly string[]): string[] {
  const found: string[] = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    let bytes: Buffer;
    try {
      bytes = fs.readFileSync(file);
    } catch {
      // Deleted since it was listed.
      continue;
    }
    const inside = storedText(entry.name, bytes);
    for (const text of texts) {
      if (!bytes.includes(text) && !inside.includes(text)) continue;
      found.push(`${text} in ${path.relative(folder, file)}`);
    }
  }
  return found;
}
