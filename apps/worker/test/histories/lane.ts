import { createDb, type Db } from '@arbor/db';
import { migrate } from '@arbor/db/migrate';
import pg from 'pg';
import { Rewriter } from '../../src/storage/rewriter.ts';

/**
 * Where one history after the other is told: a database of its own, since movers work for every project of a database and
 * shards of another lane lie in no replica here. A history waits most of its time, for databases and threads: lanes beside
 * one another take a third of the time.
 */
export class Lane {
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  readonly rewriter = new Rewriter();
  readonly #db: Db;

  private constructor(databaseUrl: string) {
    this.databaseUrl = databaseUrl;
    this.pool = new pg.Pool({ connectionString: databaseUrl });
    this.#db = createDb(databaseUrl);
  }

  /** `url`: of a server; its database is left alone. */
  static async open(url: string, n: number): Promise<Lane> {
    const own = new URL(url);
    own.pathname += `_lane_${n}`;
    await migrate(own.href);
    return new Lane(own.href);
  }

  async createProject(): Promise<number> {
    const token = crypto.randomUUID();
    const { id: organizationId } = await this.#db.organization.create({ data: { name: token } });
    const data = { organizationId, name: 'Shop', token, timezone: 'UTC' };
    const { id } = await this.#db.project.create({ data });
    return id;
  }

  async close(): Promise<void> {
    await this.rewriter.close();
    await this.#db.$disconnect();
    await this.pool.end();
  }
}
