/** How a text may stand where people read it: as it is, as JSON has it (also JSON within JSON), as addresses and forms have it. */
export function formsOf(text: string): string[] {
  const json = escaped(text);
  const inForm = new URLSearchParams({ '': text }).toString().slice(1);
  return [...new Set([text, json, escaped(json), encodeURIComponent(text), inForm])];
}

/** And as bytes are written in words: in hexadecimal digits, and as a part of base64 at any place. */
export function packedFormsOf(text: string): string[] {
  const bytes = [...new Set([text, escaped(text)])].map((each) => Buffer.from(each));
  return bytes.flatMap((each) => [each.toString('hex'), ...base64Of(each)]);
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Of fewer characters somebody else's bytes may look like it. */
const base64Min = 8;

/** What is the same wherever the text begins within three bytes, and whatever stands around it. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2]
    .map((before) => {
      const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
      const from = before === 0 ? 0 : before + 1;
      return whole.slice(from, Math.floor(((before + bytes.length) * 8) / 6));
    })
    .filter(({ length }) => length >= base64Min);
}
