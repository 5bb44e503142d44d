import type { DefinitionKind } from '@arbor/schema/definitions';

/** Where each kind of definition is found in REST, and what one and several are called in answers. */
export const definitionKinds = {
  cohort: { path: 'cohorts', one: 'cohort', many: 'cohorts' },
  custom_event: { path: 'custom-events', one: 'customEvent', many: 'customEvents' },
  custom_property: { path: 'custom-properties', one: 'customProperty', many: 'customProperties' },
  lookup_table: { path: 'lookup-tables', one: 'lookupTable', many: 'lookupTables' },
} as const satisfies Record<DefinitionKind, object>;

export const kindsOfDefinitions = Object.keys(definitionKinds) as DefinitionKind[];
