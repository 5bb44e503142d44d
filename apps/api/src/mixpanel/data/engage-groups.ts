import { groupUser } from '@arbor/engine/group-project';
import type { Node } from '@arbor/expression/ast';
import { parseApiExpression } from '@arbor/expression/expression';
import { replaceProperties } from '@arbor/expression/replace-properties';
import type { PropertyRefInput, UserConditionInput } from '@arbor/schema/query';

/* Groups are stored as users whose ids begin with the group key (`groupUser`). */

/** Only groups of this key. */
export function groupsOfKey(groupKey: string): UserConditionInput[] {
  const start = groupUser(groupKey, '');
  const property = partOfId(`left(user["$distinct_id"], ${lengthOf(start)})`);
  return [{ type: 'property', property, operator: 'equals', values: [start] }];
}

/** The id that a group of this key was sent under, as a property. */
export function groupIdOf(groupKey: string): PropertyRefInput {
  return partOfId(idExpression(groupKey));
}

/** The expression of somebody who knows nothing of keys in ids: what it calls the id is that of the group. */
export function ofGroups(root: Node, groupKey: string): Node {
  const id = parseApiExpression(idExpression(groupKey)).root;
  return replaceProperties(root, (property) => (property.name === '$distinct_id' ? id : property));
}

function idExpression(groupKey: string): string {
  const first = lengthOf(groupUser(groupKey, '')) + 1;
  return `mid(user["$distinct_id"], ${first}, ${idLengthMax})`;
}

/** More than any id has. */
const idLengthMax = 1024;

/** As formulas count: whole characters. */
const lengthOf = (text: string): number => Array.from(text).length;

const partOfId = (expression: string): PropertyRefInput => ({
  scope: 'person',
  name: '$distinct_id',
  computed: { type: 'formula', expression },
});
