import type pg from 'pg';

/** The pool, whose connections break after `good` statements in all: the answer to the next one is lost, what it did is not. */
export function losingPool(pool: pg.Pool, good: number): pg.Pool {
  let statements = 0;
  const answered = <Result>(result: Result): Result => {
    if (statements++ === good) throw new Error('the connection is gone');
    return result;
  };
  const query = async (text: string, values?: unknown[]) =>
    answered(await pool.query(text, values));
  const connect = async () => {
    const client = await pool.connect();
    return {
      query: async (text: string, values?: unknown[]) => answered(await client.query(text, values)),
      release: (error?: Error) => client.release(error),
    };
  };
  // What is used of a pool, and nothing more.
  return { connect, query } as unknown as pg.Pool;
}
