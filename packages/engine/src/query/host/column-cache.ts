import { assert } from '../../base/assert.ts';
import { alignedBytes, Arena, type Extent } from './arena.ts';
import type { Dictionary, DictionaryShelf } from './dictionary-shelf.ts';
import type { EventGroup } from './event-group.ts';
import type { SharedThings } from './shared-things.ts';
import type { PieceName, Span } from './thread-messages.ts';

/** One decoded array of one event of a day. */
export interface Piece {
  readonly group: EventGroup;
  readonly name: PieceName;
  /** Null = there is nothing: no row has the property, or no two rows share user and time. */
  readonly span: Span | null;
  /** Of a column. */
  readonly dictionary: Dictionary | null;
  readonly memory: Memory | null;
  /** Queries that read it now. */
  pins: number;
  /** Read since eviction last came by. */
  isRecent: boolean;
}

/** Where a piece lies: in the arena, or in a buffer that some pieces share and that goes with them. */
type Memory =
  | { readonly type: 'arena'; readonly extent: Extent }
  | { readonly type: 'own'; readonly buffer: OwnBuffer };

interface OwnBuffer {
  readonly slab: number;
  pieceCount: number;
}

/** Memory handed out for pieces that are about to be decoded. */
export interface Room {
  /** As threads know it. */
  readonly extent: Extent;
  /** Within the arena; null = a buffer of its own. */
  readonly arenaExtent: Extent | null;
}

/** What became of some room: pieces one after the other from its beginning. */
export interface NewPiece {
  readonly group: EventGroup;
  readonly name: PieceName;
  readonly span: Span | null;
  readonly dictionary: Dictionary | null;
}

/**
 * Decoded columns, bounded by bytes; those that nobody reads go when room is needed. Eviction goes round and
 * takes what was not read since it came by (a clock): to read a piece then costs a flag, and queries read
 * thousands. What running queries read is pinned. Should they ask for more than there is, they get buffers
 * beyond the bound that end with them: the host keeps them from asking (query-run.ts).
 */
export class ColumnCache {
  readonly #arena: Arena;
  readonly #things: SharedThings;
  readonly #dictionaries: DictionaryShelf;
  /** By slab of the arena. */
  readonly #slabIds: number[] = [];
  /** All pieces of the arena, in the order in which eviction looks at them. */
  readonly #pieces = new Set<Piece>();
  /** Columns that no row has, and the like: they cost no bytes, and make no room. Their number is bounded all the same. */
  readonly #empty = new Set<Piece>();
  readonly #emptyMax = 100_000;
  /** Bytes of buffers beyond the arena, by slab id. */
  readonly #ownSizes = new Map<number, number>();
  #ownBytes = 0;
  #evictions = 0;

  constructor(bytes: number, things: SharedThings, dictionaries: DictionaryShelf) {
    this.#things = things;
    this.#dictionaries = dictionaries;
    this.#arena = new Arena(bytes, (slab, buffer) => {
      this.#slabIds[slab] = things.add({ type: 'slab', buffer });
    });
  }

  /** Ids of the slabs that pieces may lie in, besides buffers of their own. */
  get slabIds(): readonly number[] {
    return this.#slabIds;
  }

  get stats(): { usedBytes: number; ownBytes: number; evictions: number } {
    return {
      usedBytes: this.#arena.usedBytes,
      ownBytes: this.#ownBytes,
      evictions: this.#evictions,
    };
  }

  /** Room for pieces, if need be by letting others go. */
  makeRoom(bytes: number): Room {
    let arenaExtent = this.#arena.allocate(bytes);
    while (arenaExtent === null && this.#evictOne(this.#pieces)) {
      arenaExtent = this.#arena.allocate(bytes);
    }
    if (arenaExtent === null) return this.#ownRoom(alignedBytes(bytes));
    return {
      arenaExtent,
      extent: { ...arenaExtent, slab: this.#slabIds[arenaExtent.slab] ?? 0 },
    };
  }

  /** Room that was not used after all. */
  giveBack({ extent, arenaExtent }: Room): void {
    if (arenaExtent !== null) this.#arena.free(arenaExtent);
    else this.#dropOwn(extent.slab);
  }

  /**
   * Keeps decoded pieces, pinned once each for whoever had them decoded. A piece that the group has
   * already (two queries asked at once) takes the place of the other one, unless that is being read.
   */
  keep(room: Room, made: readonly NewPiece[]): Piece[] {
    const { extent, arenaExtent } = room;
    const withBytes = made.filter(({ span }) => span !== null).length;
    const own = { slab: extent.slab, pieceCount: withBytes };
    let used = 0;
    const pieces = made.map((one): Piece => {
      const bytes = one.span === null ? 0 : alignedBytes(one.span.length * one.span.width);
      const start = extent.offset + used;
      const fits = one.span === null || one.span.offset === start;
      assert(fits, () => `piece ${one.name} does not begin at ${start} of its room`);
      used += bytes;
      const memory = one.span && memoryOf(arenaExtent, own, used - bytes, bytes);
      return { ...one, memory, pins: 1, isRecent: true };
    });
    if (arenaExtent !== null) this.#arena.free(restOf(arenaExtent, used));
    else if (withBytes === 0) this.#dropOwn(own.slab);
    for (const piece of pieces) this.#place(piece);
    return pieces;
  }

  pin(piece: Piece): void {
    piece.pins++;
    piece.isRecent = true;
  }

  unpin(piece: Piece): void {
    if (--piece.pins > 0) return;
    const { group, name, memory } = piece;
    const isKept = !group.isStale && group.pieces.get(name) === piece && memory?.type !== 'own';
    if (!isKept) this.#free(piece);
  }

  /** To be called now and then: keeps within its bounds what does not lie in the arena. */
  trim(): void {
    while (this.#empty.size > this.#emptyMax && this.#evictOne(this.#empty));
    while (this.#dictionaries.isOverfull && this.#evictOne(this.#pieces));
  }

  /** No further query may use the group: what nobody reads goes now, the rest when it is unpinned. */
  abandon(group: EventGroup): void {
    group.isStale = true;
    for (const piece of group.pieces.values()) if (piece.pins === 0) this.#free(piece);
  }

  #place(piece: Piece): void {
    const other = piece.group.pieces.get(piece.name);
    piece.group.pieces.set(piece.name, piece);
    if (piece.memory === null) this.#empty.add(piece);
    else if (piece.memory.type === 'arena') this.#pieces.add(piece);
    if (other !== undefined && other.pins === 0) this.#free(other);
  }

  /** False = everything is being read. */
  #evictOne(pieces: Set<Piece>): boolean {
    // Twice round: what was read lately goes when it was not read again.
    for (let left = pieces.size * 2; left > 0; left--) {
      const [piece] = pieces;
      pieces.delete(piece);
      if (piece.pins === 0 && !piece.isRecent) {
        this.#evictions++;
        this.#free(piece);
        return true;
      }
      piece.isRecent = false;
      pieces.add(piece);
    }
    return false;
  }

  #free(piece: Piece): void {
    const { group, name, memory, dictionary } = piece;
    (memory === null ? this.#empty : this.#pieces).delete(piece);
    if (group.pieces.get(name) === piece) group.pieces.delete(name);
    if (dictionary !== null) this.#dictionaries.release(dictionary);
    if (memory?.type === 'arena') this.#arena.free(memory.extent);
    else if (memory !== null && --memory.buffer.pieceCount === 0) this.#dropOwn(memory.buffer.slab);
    if (group.pieces.size === 0) group.onEmpty();
  }

  #ownRoom(bytes: number): Room {
    const buffer = new SharedArrayBuffer(bytes);
    this.#ownBytes += bytes;
    const slab = this.#things.add({ type: 'slab', buffer });
    this.#ownSizes.set(slab, bytes);
    return { arenaExtent: null, extent: { slab, offset: 0, bytes } };
  }

  #dropOwn(slab: number): void {
    this.#ownBytes -= this.#ownSizes.get(slab) ?? 0;
    this.#ownSizes.delete(slab);
    this.#things.drop([slab]);
  }
}

function memoryOf(
  arenaExtent: Extent | null,
  own: OwnBuffer,
  start: number,
  bytes: number,
): Memory {
  if (arenaExtent === null) return { type: 'own', buffer: own };
  const { slab, offset } = arenaExtent;
  return { type: 'arena', extent: { slab, offset: offset + start, bytes } };
}

function restOf({ slab, offset, bytes }: Extent, used: number): Extent {
  return { slab, offset: offset + used, bytes: bytes - used };
}
