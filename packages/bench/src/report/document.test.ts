import { expect, it } from 'vitest';
import { hasSection, replaceSection } from './document.ts';

const text = `# Title

<!-- bench 1M times -->

old

<!-- bench end -->

between

<!-- bench 10M times -->
<!-- bench end -->
`;

it('replaces what stands between the markers of a section, and nothing else', () => {
  const once = replaceSection(text, '1M times', ' new\n');
  expect(once).toBe(text.replace('old', 'new'));
  expect(replaceSection(once, '1M times', 'new')).toBe(once);
  expect(replaceSection(text, '10M times', 'x')).toContain('10M times -->\n\nx\n\n<!-- bench end');
});

it('says which markers are missing', () => {
  expect(hasSection(text, '1M times')).toBe(true);
  expect(hasSection(text, '5M times')).toBe(false);
  expect(() => replaceSection(text, '5M times', 'x')).toThrow(
    'the document has no section between "<!-- bench 5M times -->" and "<!-- bench end -->": add both lines',
  );
});
