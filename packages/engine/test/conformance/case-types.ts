import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Properties } from '@arbor/schema/property-value';

/** The cases lie beside the repository, with a README that defines every field. */
const folder = fileURLToPath(new URL('../../../../../shared/conformance/', import.meta.url));

export const hasConformanceCases = existsSync(folder);

export interface CaseFilter {
  readonly scope: 'event' | 'person';
  readonly property: string;
  readonly operator: string;
  readonly value?: CaseValue | readonly CaseValue[];
}
type CaseValue = string | number | boolean;

export type CaseFilterTree =
  | CaseFilter
  | { readonly any: readonly CaseFilterTree[] }
  | { readonly all: readonly CaseFilterTree[] };

export interface CaseSelector {
  readonly event?: string | null;
  readonly filters?: readonly CaseFilterTree[];
  readonly or?: readonly CaseSelector[];
  readonly firstTime?: unknown;
  readonly metric?: string;
  readonly property?: string;
}

export interface CaseQuery {
  readonly from: string;
  readonly to: string;
  readonly filters?: readonly CaseFilterTree[];
  readonly breakdown?: {
    readonly scope?: 'event' | 'person';
    readonly property?: string;
    readonly properties?: unknown;
    readonly limit?: number;
    readonly attribution?: string;
  };
  readonly weekStart?: string;
  readonly steps?: readonly CaseSelector[];
  readonly window?: { readonly value: number; readonly unit: string };
  readonly order?: string;
  readonly view?: string;
  readonly exclusions?: readonly unknown[];
  readonly birth?: CaseSelector;
  readonly return?: CaseSelector;
  readonly period?: string;
  readonly intervals?: number;
  readonly mode?: string;
  readonly criteria?: 'on' | 'on_or_after';
  readonly buckets?: 'calendar' | 'rolling';
  readonly brackets?: unknown;
  readonly series?: readonly CaseSelector[];
  readonly interval?: string;
  readonly formula?: unknown;
  readonly compare?: unknown;
  readonly cumulative?: unknown;
}

export interface CaseCohort {
  readonly date: string;
  readonly size: number;
  readonly counts: readonly (number | null)[];
}

export interface CaseExpected {
  readonly counts?: readonly number[];
  readonly avgTimeSeconds?: readonly (number | null)[];
  readonly medianTimeSeconds?: readonly (number | null)[];
  readonly perSegment?: Readonly<Record<string, unknown>>;
  readonly perSegmentAvgTimeSeconds?: Readonly<Record<string, readonly (number | null)[]>>;
  readonly perSegmentSums?: Readonly<Record<string, readonly number[]>>;
  readonly cohorts?: readonly CaseCohort[];
  readonly dates?: readonly string[];
  readonly values?: readonly (readonly (number | null)[])[];
  readonly sums?: readonly number[];
  readonly tolerance?: number;
}

export interface ConformanceCase {
  readonly id: string;
  readonly report: 'funnel' | 'retention' | 'insights';
  readonly timezone: string;
  readonly notes?: string;
  readonly people: readonly {
    readonly id: string;
    readonly aliases?: readonly string[];
    readonly properties?: Properties;
  }[];
  readonly events: readonly {
    readonly user: string;
    readonly event: string;
    readonly time: string;
    readonly properties?: Properties;
  }[];
  readonly query: CaseQuery;
  readonly expected: CaseExpected;
  readonly choice?: string;
  readonly rules?: Readonly<Record<string, string>>;
  readonly alternatives?: Readonly<Record<string, CaseExpected>>;
}

export function readCases(): ConformanceCase[] {
  const files = hasConformanceCases ? readdirSync(folder).toSorted() : [];
  return files
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => JSON.parse(readFileSync(folder + file, 'utf8')) as ConformanceCase[]);
}
