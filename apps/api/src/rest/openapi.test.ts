import { expect, test } from 'vitest';
import { openApiDocument } from './openapi.ts';

/** Every value of a key, however deep. */
function valuesOf(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([own, inner]) => [
    ...(own === key ? [inner] : []),
    ...valuesOf(key, inner),
  ]);
}

test('refers only to what the document has', () => {
  const document = openApiDocument();
  const references = valuesOf('$ref', document).map(String);
  expect(references.length).toBeGreaterThan(0);
  for (const reference of references) {
    expect(reference).toMatch(/^#\//);
    const target = reference
      .slice(2)
      .split('/')
      .reduce<unknown>(
        (node, key) => (node as Record<string, unknown> | undefined)?.[key],
        document,
      );
    expect(target, reference).toBeTypeOf('object');
  }
  expect(valuesOf('$defs', document)).toEqual([]);
});
