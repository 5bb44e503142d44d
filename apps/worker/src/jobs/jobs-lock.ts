import pg from 'pg';

/** Of the advisory locks of the database, the one of the process that carries out requests and rules. */
const jobsLock = 72_707_372;

/**
 * Lets one process of many do the work. The lock lives as long as its connection, whatever becomes of this process, and the
 * connection is kept from round to round: to open one each second would cost more than the rounds themselves.
 */
export class JobsLock {
  readonly #databaseUrl: string;
  #client: pg.Client | undefined;
  #isHeld = false;

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
  }

  /** Does the work unless another process has the lock. */
  async alone(work: () => Promise<void>): Promise<void> {
    const client = await this.#connected();
    if (!this.#isHeld) {
      const { rows } = await client.query<{ locked: boolean }>(
        'SELECT pg_try_advisory_lock($1) AS locked',
        [jobsLock],
      );
      // Where the connection broke meanwhile, the lock is gone with it.
      this.#isHeld = rows[0]?.locked === true && this.#client === client;
    }
    if (this.#isHeld) await work();
  }

  /** Lets go of the lock. */
  async close(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#forget(client);
    await client.end();
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client !== undefined) return this.#client;
    const client = new pg.Client({ connectionString: this.#databaseUrl, keepAlive: true });
    // A connection that breaks ends the lock; every step of the work holds without it, too.
    client.on('error', () => this.#forget(client));
    client.on('end', () => this.#forget(client));
    await client.connect();
    return (this.#client = client);
  }

  /** Unless another one has taken its place: what a connection says of its end may come late. */
  #forget(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#isHeld = false;
  }
}
