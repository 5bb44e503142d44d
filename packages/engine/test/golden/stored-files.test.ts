import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeCoveredFile } from '../../src/format/covered-file.ts';
import { readKeptProfile } from '../../src/format/kept-profile.ts';
import { decodePeopleFile } from '../../src/format/people-file.ts';
import { UsersFile } from '../../src/format/users-file.ts';
import { PeopleLayer } from '../../src/store/people/people-layer.ts';
import {
  coveredLedger,
  coveredPieces,
  encodeStoredFile,
  sortOfStoredFile,
} from './stored-files.ts';
import { type StoredFileTwins, storedFileEnds } from './stored-files.ts';

/** Every version that was ever written stays readable: these files are never edited (add-stored-file.ts adds). */
const folder = join(import.meta.dirname, 'files-v1');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => basename(name, '.json'));
const bytesOf = (name: string): Uint8Array =>
  readFileSync(join(folder, name + storedFileEnds[sortOfStoredFile(name)]));
const twinOf = (name: string): unknown =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
const ofSort = (sort: string): string[] => names.filter((name) => name.startsWith(sort));

describe('users, people and covered files of versions 1 and 2', () => {
  it.each(ofSort('users'))('%s is read as its JSON twin says', (name) => {
    expect(UsersFile.open(bytesOf(name)).piece()).toStrictEqual(twinOf(name));
  });

  it.each(ofSort('people'))('%s is read as its JSON twin says', (name) => {
    const piece = decodePeopleFile(bytesOf(name));
    const layer = new PeopleLayer(piece);
    const profiles = Array.from(piece.ordinals, (ordinal, record) => {
      const profile = layer.profile(record);
      return [ordinal, profile ? Object.fromEntries(profile) : null];
    });
    const { project, shard, kept: keptPieces } = piece;
    const kept = keptPieces?.map(({ ordinal, bytes }) => [ordinal, readKeptProfile(bytes)]);
    expect({ project, shard, profiles, kept }).toEqual(twinOf(name));
  });

  it.each(ofSort('covered'))('%s is read as its JSON twin says', (name) => {
    const twin = twinOf(name) as StoredFileTwins['covered'];
    const { pieces, ledger } = decodeCoveredFile(bytesOf(name));
    expect(pieces).toStrictEqual(coveredPieces(twin));
    expect(ledger).toStrictEqual(coveredLedger(twin));
  });

  // Compressed ones are left out: a newer LZ4 may well find a shorter form of the same section.
  it.each(names.filter((name) => !name.endsWith('-lz4')))(
    '%s is still written as it was',
    async (name) => {
      expect(Buffer.from(await encodeStoredFile(name, twinOf(name)))).toStrictEqual(bytesOf(name));
    },
  );
});
