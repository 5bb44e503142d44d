import type { Db } from '@arbor/db';
import { createDb } from '@arbor/db';
import { migrate } from '@arbor/db/migrate';

/** A migrated database of its own for one test file. */
export async function freshDatabase(
  serverUrl: string,
): Promise<{ db: Db; url: string; drop: () => Promise<void> }> {
  const url = new URL(serverUrl);
  const name = `api_${crypto.randomUUID().replaceAll('-', '')}`;
  url.pathname = `/${name}`;
  await migrate(url.href);
  const db = createDb(url.href);
  return {
    db,
    url: url.href,
    drop: async () => {
      await db.$disconnect();
      const maintenance = createDb(serverUrl.replace(/\/[^/]*$/, '/postgres'));
      await maintenance.$executeRawUnsafe(`DROP DATABASE "${name}" WITH (FORCE)`);
      await maintenance.$disconnect();
    },
  };
}
