import type { FilterInput, PropertyRefInput, QueryInput } from '@arbor/schema/query';
import type { CaseBreakdown, CaseProperty } from '../cases/case-types.ts';
import type { Rules } from '../judge/rules.ts';

type Breakdowns = NonNullable<Extract<QueryInput, { type: 'insights' }>['breakdowns']>;

/** What a breakdown adds to a query. */
export interface AskedBreakdown {
  readonly breakdowns: Breakdowns;
  readonly filters: FilterInput[];
  /** Present where a case shows the biggest segments, and the rest as one. */
  readonly segmentsMax?: number;
  readonly otherSegment?: true;
}

/** `missing=drop`, people without any value in no segment, is the filter "is set". */
export function toBreakdown(
  breakdown: CaseBreakdown | undefined,
  { missing }: Rules,
): AskedBreakdown {
  const properties = propertiesOf(breakdown);
  const areSet = properties.map((property): FilterInput => ({
    type: 'property',
    property,
    operator: 'is_set',
  }));
  const isDropped = missing === 'drop' && areSet.length > 0;
  return {
    breakdowns: properties.map((property) => ({ property })),
    filters: isDropped ? [{ type: 'any', filters: areSet }] : [],
    ...(breakdown?.limit !== undefined && { segmentsMax: breakdown.limit, otherSegment: true }),
  };
}

function propertiesOf(breakdown: CaseBreakdown | undefined): PropertyRefInput[] {
  if (breakdown === undefined) return [];
  const { scope = 'event', property = '', properties = [{ scope, property }] } = breakdown;
  return properties.map(({ scope, property: name }: CaseProperty) => ({ scope, name }));
}
