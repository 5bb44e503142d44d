import { limits } from '@arbor/schema/limits';
import type { PersonOperation, PersonOperator } from '@arbor/schema/ingest';
import type { Properties, PropertyValue } from '@arbor/schema/property-value';
import { cleanProperties, isJsonObject } from './clean-properties.ts';
import { cleanText, type TextRules } from './clean-text.ts';
import { invalid, RecordProblem } from './record-problem.ts';

/** One operator with its value, checked and cut (`ingestion-api.md` 4.3). */
export function readOperation(
  operator: PersonOperator,
  value: unknown,
  rules: TextRules,
): PersonOperation | RecordProblem {
  // The value says nothing: clients send null, "", "null" or the id.
  if (operator === '$delete') return { operator };
  if (operator === '$unset') return readUnset(value, rules);

  if (!isJsonObject(value)) return invalid(operator, 'must be a json object');
  const values = cleanProperties(value, {
    strict: rules.strict,
    damaged: rules.damaged,
    path: operator,
    propertiesMax: limits.profilePropertiesMax,
  });
  if (values instanceof RecordProblem) return values;
  switch (operator) {
    case '$add':
      return readAdd(values);
    case '$union':
      return readUnion(values);
    case '$set':
    case '$set_once':
    case '$append':
    case '$remove':
      return { operator, values };
  }
}

function readUnset(value: unknown, rules: TextRules): PersonOperation | RecordProblem {
  if (!Array.isArray(value)) return invalid('$unset', 'must be a list of property names');
  const names: string[] = [];
  for (const item of value as readonly unknown[]) {
    const name = typeof item === 'string' ? cleanText(item, rules) : null;
    if (name === null) return invalid('$unset', 'must be a list of property names');
    names.push(name);
  }
  return { operator: '$unset', names };
}

function readAdd(values: Properties): PersonOperation | RecordProblem {
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'number') return invalid(`$add.${name}`, 'must be a number');
    numbers[name] = value;
  }
  return { operator: '$add', values: numbers };
}

function readUnion(values: Properties): PersonOperation | RecordProblem {
  const lists: Record<string, PropertyValue[]> = {};
  for (const [name, value] of Object.entries(values)) {
    if (!Array.isArray(value)) return invalid(`$union.${name}`, 'must be a list');
    lists[name] = [...(value as readonly PropertyValue[])];
  }
  return { operator: '$union', values: lists };
}
