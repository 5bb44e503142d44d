import type { PropertyValue } from '@arbor/schema/property-value';
import { Slices } from '../../src/base/slices.ts';
import {
  batchDigest,
  type CoveredPiece,
  encodeCoveredFile,
  updateDigest,
} from '../../src/format/covered-file.ts';
import { type Ledger, ledgerOf, markOf } from '../../src/format/covered-ledger.ts';
import type { KeptProperty } from '../../src/format/kept-profile.ts';
import { encodePeopleFile } from '../../src/format/people-file.ts';
import { encodeUsersFile, type UsersPiece } from '../../src/format/users-file.ts';
import { keptProfiles, peoplePiece } from '../../src/store/people/people-piece.ts';

/** The JSON twin of a golden file, by the beginning of its name. */
export interface StoredFileTwins {
  readonly users: UsersPiece;
  readonly people: {
    readonly project: number;
    readonly shard: number;
    /** Null = there is none any more. */
    readonly profiles: readonly (readonly [number, { [name: string]: PropertyValue } | null])[];
    /** Since version 2: of users who were merged into others. */
    readonly kept?: readonly (readonly [number, readonly KeptProperty[]])[];
  };
  readonly covered: {
    readonly shard: number;
    readonly pieces: readonly {
      readonly coveredAt: number;
      readonly batches: readonly string[];
      readonly updates: readonly { project: number; distinctId: string; insertId: string }[];
    }[];
    /** Since version 2. */
    readonly ledger?: readonly { readonly sequence: number; readonly batchId: string }[];
  };
}

/** Ends of the names of the three sorts of files. */
export const storedFileEnds = { users: '.arus', people: '.arpe', covered: '.arco' } as const;

export type StoredFileSort = keyof typeof storedFileEnds;

export function sortOfStoredFile(name: string): StoredFileSort {
  const [sort] = name.split('-');
  if (sort === 'users' || sort === 'people' || sort === 'covered') return sort;
  throw new Error(`${name}: a case is named users…, people… or covered…`);
}

export async function encodeStoredFile(name: string, twin: unknown): Promise<Uint8Array> {
  switch (sortOfStoredFile(name)) {
    case 'users':
      return encodeUsersFile(twin as StoredFileTwins['users']);
    case 'people':
      return encodePeople(twin as StoredFileTwins['people']);
    case 'covered': {
      const covered = twin as StoredFileTwins['covered'];
      return encodeCoveredFile(covered.shard, coveredPieces(covered), coveredLedger(covered));
    }
  }
}

async function encodePeople(twin: StoredFileTwins['people']): Promise<Uint8Array> {
  const profiles = twin.profiles.map(([ordinal, profile]) => {
    return [ordinal, profile ? new Map(Object.entries(profile)) : undefined] as const;
  });
  const piece = await peoplePiece(twin, profiles, new Slices(() => 0));
  const { kept } = twin;
  return encodePeopleFile(kept ? { ...piece, kept: keptProfiles(new Map(kept)) } : piece);
}

export function coveredLedger({ ledger = [] }: StoredFileTwins['covered']): Ledger {
  return ledgerOf(
    ledger.map(({ sequence, batchId }) => ({ sequence, mark: markOf(batchDigest(batchId)) })),
  );
}

export function coveredPieces({ shard, pieces }: StoredFileTwins['covered']): CoveredPiece[] {
  return pieces.map(({ coveredAt, batches, updates }) => ({
    shard,
    coveredAt,
    batches: Buffer.concat(batches.map(batchDigest)),
    updates: Buffer.concat(
      updates.map(({ project, distinctId, insertId }) =>
        updateDigest(project, distinctId, insertId),
      ),
    ),
  }));
}
