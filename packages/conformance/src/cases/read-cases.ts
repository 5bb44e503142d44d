import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ConformanceCase } from './case-types.ts';

/** What was named holds no cases. */
export class CaseFileError extends Error {
  override readonly name = 'CaseFileError';
}

/** The cases of files and folders (their `.json` files by name), in order. */
export function readCases(paths: readonly string[]): ConformanceCase[] {
  return paths.flatMap(filesOf).flatMap(readFile);
}

function filesOf(given: string): string[] {
  const found = statSync(given, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new CaseFileError(`there is no file or folder ${given}: name one with conformance cases`);
  }
  if (!found.isDirectory()) return [given];
  const files = readdirSync(given).filter((name) => name.endsWith('.json'));
  if (files.length === 0) {
    throw new CaseFileError(`${given} has no .json file: name a folder with conformance cases`);
  }
  return files.toSorted().map((name) => path.join(given, name));
}

function readFile(file: string): ConformanceCase[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new CaseFileError(`${file} is not json: ${(cause as Error).message}`, { cause });
  }
  if (!Array.isArray(content)) throw new CaseFileError(`${file} is not a json array of cases`);
  for (const [index, one] of content.entries()) requireCase(one, `${file}[${index}]`);
  return content as ConformanceCase[];
}

const neededFields = ['id', 'report', 'timezone', 'people', 'events', 'query', 'expected'];

/** The fields without which nothing can be asked; the rest is trusted to be what the README says. */
function requireCase(value: unknown, place: string): void {
  const isObject = typeof value === 'object' && value !== null;
  const missing = neededFields.find((field) => !isObject || !(field in value));
  if (missing !== undefined) throw new CaseFileError(`${place} is no case: it has no "${missing}"`);
}
