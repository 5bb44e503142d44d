import type { Db } from '@arbor/db';
import { newDefinitionId } from './definition-id.ts';

/** Rows a chunk: read and written as one piece, about half a megabyte of ids. */
const chunkRowsMax = 10_000;
/** A chunk with long cells ends earlier. */
const chunkCharactersMax = 4_000_000;
/** A content that nobody names any more stays so long: longer than any query that began before. */
const unusedMsMax = 3_600_000;

/** Uploaded lists and tables: columns of texts, which never change once they are written. */
export interface ContentStore {
  /** Begins an upload. Until `use` names it in a definition it is as good as unused. */
  write(projectId: number): Promise<ContentWriter>;
  /** A column, in the order in which its rows were added. Null = the content is gone. */
  read(contentId: string, part: number): Promise<string[] | null>;
  /** Deletes what no definition has named for long, uploads that broke off among them. */
  clean(): Promise<void>;
}

export interface ContentWriter {
  readonly contentId: string;
  /** A text for each column, always as many. */
  add(row: readonly string[]): Promise<void>;
  /** Writes what is left. */
  finish(): Promise<void>;
}

export function createContentStore(db: Db, clock: () => number): ContentStore {
  return {
    write: async (projectId) => {
      const contentId = newDefinitionId();
      const unusedAt = new Date(clock());
      await db.content.create({ data: { id: contentId, projectId, unusedAt } });
      return new ChunkWriter(db, contentId);
    },
    read: async (contentId, part) => {
      const content = await db.content.findUnique({
        where: { id: contentId },
        select: { id: true },
      });
      if (content === null) return null;
      const chunks = await db.contentChunk.findMany({
        where: { contentId, part },
        orderBy: { n: 'asc' },
        select: { bytes: true },
      });
      // Written by `ChunkWriter` alone.
      return chunks.flatMap(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as string[]);
    },
    clean: async () => {
      await db.content.deleteMany({ where: { unusedAt: { lt: new Date(clock() - unusedMsMax) } } });
    },
  };
}

class ChunkWriter implements ContentWriter {
  readonly contentId: string;
  readonly #db: Db;
  #columns: string[][] = [];
  #rowCount = 0;
  #characters = 0;
  #n = 0;

  constructor(db: Db, contentId: string) {
    this.#db = db;
    this.contentId = contentId;
  }

  async add(row: readonly string[]): Promise<void> {
    for (const [part, cell] of row.entries()) {
      (this.#columns[part] ??= []).push(cell);
      this.#characters += cell.length;
    }
    this.#rowCount++;
    if (this.#rowCount >= chunkRowsMax || this.#characters >= chunkCharactersMax)
      await this.#flush();
  }

  async finish(): Promise<void> {
    if (this.#rowCount > 0) await this.#flush();
  }

  async #flush(): Promise<void> {
    const n = this.#n++;
    const { contentId } = this;
    const data = this.#columns.map((column, part) => ({
      contentId,
      part,
      n,
      bytes: Buffer.from(JSON.stringify(column)),
    }));
    this.#columns = [];
    this.#rowCount = 0;
    this.#characters = 0;
    await this.#db.contentChunk.createMany({ data });
  }
}
