/**
 * Puts a text between the markers of a Markdown document that say it is generated:
 * `<!-- bench NAME -->` and `<!-- bench end -->`. Throws when the document has no such markers.
 */
export function replaceSection(document: string, name: string, text: string): string {
  const begin = `<!-- bench ${name} -->`;
  const end = '<!-- bench end -->';
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from === -1 || to === -1) {
    throw new Error(`the document has no section between "${begin}" and "${end}": add both lines`);
  }
  return `${document.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${document.slice(to)}`;
}

export const hasSection = (document: string, name: string): boolean =>
  document.includes(`<!-- bench ${name} -->`);
