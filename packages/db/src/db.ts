import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from './generated/client.ts';

/** The client of the meta database; whoever creates one ends it with `$disconnect()`. */
export type Db = PrismaClient;

/** What the callback of `db.$transaction` gets. */
export type DbTransaction = Prisma.TransactionClient;

/** What a column of JSON takes. */
export type DbJson = Prisma.InputJsonObject;

/** What makes a column of JSON null. */
export const noJson = Prisma.DbNull;

/** Enough for the requests of one process; PostgreSQL allows 100 over all of them by default. */
const connectionsMax = 10;

/** Connects on first use, not here. */
export function createDb(url: string): Db {
  return new PrismaClient({
    adapter: new PrismaPg({
      connectionString: url,
      max: connectionsMax,
      // A request that waits for a database that is away shall fail, not hang.
      connectionTimeoutMillis: 5000,
    }),
  });
}

/** True where an insert or update met a row that already has one of its unique values. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
