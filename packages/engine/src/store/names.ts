import type { LqsNames, LqsNamesRequest } from '@arbor/schema/lqs';
import type { EventName, PropertyName, PropertyValueCount } from '@arbor/schema/catalog';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { ProjectTable } from './project-table.ts';
import { PropertyDictionary } from './property-dictionary.ts';

export type NamesValues = NonNullable<LqsNamesRequest['values']>;

/** What the pickers list, of one project in one shard. */
export function tableNames(table: ProjectTable, request?: NamesValues): LqsNames {
  return {
    events: eventNames(table),
    properties: [...eventProperties(table), ...personProperties(table)],
    values: request ? propertyValues(table, request) : [],
    persons: table.people().profiles.size,
    users: table.userCount(),
  };
}

/** Most frequent first; those that only duplicates had are left out. */
function eventNames({ events }: ProjectTable): EventName[] {
  return events.eventNames
    .map((name, code) => ({ name, count: events.eventCounts.array[code] }))
    .filter(({ count }) => count > 0)
    .sort(byCountThenName);
}

function eventProperties({ events }: ProjectTable): PropertyName[] {
  const list: PropertyName[] = [];
  for (const [name, dictionary] of events.shapeTree.properties()) {
    if (dictionary.count > 0) {
      list.push({ scope: 'event', name, types: dictionary.typeNames(), count: dictionary.count });
    }
  }
  return list.sort(byCountThenName);
}

function personProperties(table: ProjectTable): PropertyName[] {
  const dictionaries = new Map<string, PropertyDictionary>();
  for (const profile of table.people().profiles.values()) {
    for (const [name, value] of profile) {
      let dictionary = dictionaries.get(name);
      if (!dictionary) {
        dictionary = new PropertyDictionary();
        dictionaries.set(name, dictionary);
      }
      dictionary.typeCounts[dictionary.types.array[dictionary.codeOf(value)]]++;
    }
  }
  return [...dictionaries]
    .map(([name, dictionary]): PropertyName => {
      return { scope: 'person', name, types: dictionary.typeNames(), count: dictionary.count };
    })
    .sort(byCountThenName);
}

/** A list counts once for each of its distinct items, as in a breakdown (reports.md 3.6). */
function propertyValues(table: ProjectTable, request: NamesValues): PropertyValueCount[] {
  const view = table.view();
  const column =
    request.scope === 'event'
      ? view.eventProperty(request.name)
      : view.personProperty(request.name);
  if (!column) return [];
  const counts = new Uint32Array(column.values.length);
  for (let i = 0; i < column.codes.length; i++) counts[column.codes[i]]++;
  const byText = new Map<string, number>();
  for (let code = 1; code < counts.length; code++) {
    if (counts[code] === 0) continue;
    for (const text of valueTexts(column.values[code])) {
      byText.set(text, (byText.get(text) ?? 0) + counts[code]);
    }
  }
  const search = request.search.toLowerCase();
  return [...byText]
    .filter(([text]) => text.toLowerCase().includes(search))
    .map(([text, count]) => ({ text, count }))
    .sort((a, b) => b.count - a.count || compareText(a.text, b.text))
    .slice(0, request.max);
}

/** What a picker offers for a value: nothing for null, which filters name "is not set". */
function valueTexts(value: PropertyValue): string[] {
  if (value === null) return [];
  if (Array.isArray(value)) return [...new Set(value.flatMap(valueTexts))];
  return [typeof value === 'object' ? JSON.stringify(value) : String(value)];
}

function byCountThenName(
  a: { readonly name: string; readonly count: number },
  b: { readonly name: string; readonly count: number },
): number {
  return b.count - a.count || compareText(a.name, b.name);
}

function compareText(text: string, other: string): number {
  return text < other ? -1 : text > other ? 1 : 0;
}
