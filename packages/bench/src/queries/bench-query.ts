import type { FilterInput, QueryInput } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import type { Row } from '../peers/peer.ts';

/**
 * One question, put to every engine. All of them must come to the same rows; the first columns tell rows
 * apart, and only `ordered` ones are compared in the order in which they came.
 */
export interface BenchQuery {
  readonly name: string;
  readonly title: string;
  /** Seconds at 100 M events from rows, and where structures kept at write time may answer. */
  readonly goal: { readonly rows: number; readonly stored?: number; readonly cold?: number };
  readonly ordered?: true;
  /** To Arbor; `filters` is one more condition on every event that the question is about. */
  ask(filters: readonly FilterInput[]): QueryInput;
  /** Arbor's answer as the peers' rows. */
  rowsOf(result: QueryResult): Row[];
  /**
   * To the peers: forms that give the same rows, of which the fastest is measured. `events` is the table, or
   * a subquery with the one more condition.
   */
  clickhouse(events: string): readonly string[];
  duckdb(events: string): readonly string[];
}

/** The result's type follows the query's, which the schema of the wire cannot say. */
export function resultOf<Type extends QueryResult['type']>(
  result: QueryResult,
  type: Type,
): Extract<QueryResult, { type: Type }> {
  if (result.type !== type) throw new Error(`a "${result.type}" came back for "${type}"`);
  return result as Extract<QueryResult, { type: Type }>;
}

/** An event as a selector of the AST. */
export function eventOf(event: string | null, filters: readonly FilterInput[]) {
  return { anyOf: [{ event, filters: [...filters] }] };
}

export const eventProperty = (name: string) => ({ scope: 'event' as const, name });
export const personProperty = (name: string) => ({ scope: 'person' as const, name });

/** All days of the data. */
export const wholeRange = { from: '2026-01-01', to: '2026-03-31' };
