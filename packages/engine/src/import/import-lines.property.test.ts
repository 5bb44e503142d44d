import type { PropertyValue } from '@arbor/schema/property-value';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../test/model/property-runs.ts';
import { dayMs } from '../format/segment/segment-rows.ts';
import { objectRowsOf } from '../store/merge/testing/object-rows.ts';
import { buildDay, rowsByDay } from './build-day.ts';
import { EventLineParser } from './event-line-parser.ts';
import { ImportColumnsWriter } from './import-columns.ts';
import { NamesMirror, NamesTeller } from './learned-names.ts';

const now = Date.UTC(2026, 2, 4);
/** Longer than all other lines of these tests. */
const lineBytesMax = 16 * 1024;
const noon = 19_000 * dayMs + dayMs / 2;

const property = fc.constantFrom('price', 'ünï', 'a"b', 'tags', '$os', 'constructor');
const text = fc.oneof(fc.string(), fc.constantFrom('x', '1', 'naïve ☃', 'a\\b"c\n', '\u{1f600}'));
const value: fc.Arbitrary<PropertyValue> = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 3, arbitrary: fc.constantFrom<PropertyValue>(1, 1.5, -0.25, 1e21, true, false, null) },
  { weight: 1, arbitrary: fc.constantFrom<PropertyValue>(['a', 1], { b: [true], c: '}' }, [], {}) },
);

interface Line {
  readonly event: string;
  readonly time: number;
  readonly id: string;
  readonly insertId: string;
  readonly properties: Readonly<Record<string, PropertyValue>>;
  /** White space between tokens, and which member comes first. */
  readonly space: string;
  readonly isPropertiesFirst: boolean;
}

const anyLine: fc.Arbitrary<Line> = fc.record({
  event: fc.constantFrom('View', 'Buy', 'Größe', 'say "hi"'),
  time: fc.oneof(
    fc.integer({ min: noon, max: noon + 3 }),
    fc.integer({ min: noon, max: noon + 2 * dayMs }),
  ),
  id: fc.constantFrom('a', 'b', 'jürgen'),
  insertId: fc.constantFrom('i1', 'I-2', 'abcdef0123456789'),
  properties: fc.dictionary(property, value, { noNullPrototype: true, maxKeys: 4 }),
  space: fc.constantFrom('', '', ' ', '\t '),
  isPropertiesFirst: fc.boolean(),
});

function jsonOf({ event, time, id, insertId, properties, space, isPropertiesFirst }: Line): string {
  const own = { time, distinct_id: id, $insert_id: insertId, ...properties };
  const members = Object.entries(own).map(
    ([name, one]) => `${JSON.stringify(name)}${space}:${space}${JSON.stringify(one)}`,
  );
  const parts = [
    `"event"${space}:${space}${JSON.stringify(event)}`,
    `"properties":${space}{${space}${members.join(`${space},${space}`)}${space}}`,
  ];
  if (isPropertiesFirst) parts.reverse();
  return `${space}{${space}${parts.join(`${space},`)}${space}}${space}`;
}

const good = '"time":1700000000,"distinct_id":"u","$insert_id":"i"';
const record = (members: string, event = '"View"'): string =>
  `{"event":${event},"properties":{${members}}}`;

/** What a line is: an event that was taken, nothing, or a record for ingestion to judge. */
type Verdict = 'event' | 'blank' | 'odd';

function newParser(onOdd: (line: number, bytes: Uint8Array) => void = () => undefined) {
  const makeInsertId = (line: number): Uint8Array => Buffer.from(`made-${line}`);
  return new EventLineParser({ makeInsertId, lineBytesMax, onOdd });
}

function importLines(lines: readonly string[], newline = '\n') {
  const odd = new Map<number, string>();
  const parser = newParser((line, bytes) => odd.set(line, Buffer.from(bytes).toString()));
  const columns = new ImportColumnsWriter();
  const verdicts = lines.map((_, i): Verdict => (lines[i].trim() === '' ? 'blank' : 'event'));
  // In the middle of other bytes, as in a file: none of them is to be read.
  const text = Buffer.from(`"},{"${lines.map((line) => line + newline).join('')}}}`);
  const bytes = text.subarray(5, text.length - 2);
  expect(parser.readLines({ bytes, line: 1, now }, columns)).toBe(lines.length + 1);
  for (const [line, own] of odd) {
    // Half of a surrogate pair, where a line was cut within one, is U+FFFD in bytes.
    expect(own).toBe(Buffer.from(lines[line - 1]).toString());
    verdicts[line - 1] = 'odd';
  }
  const written = columns.written();
  expect(written.rowCount).toBe(verdicts.filter((verdict) => verdict === 'event').length);
  return { parser, verdicts, columns: written };
}

/** The days that the lines make, as objects; every id is its own user. */
function daysOf({ parser, columns }: ReturnType<typeof importLines>) {
  const names = new NamesMirror();
  names.learn(new NamesTeller(parser).learned());
  const idOf = (ordinal: number): string => parser.users.text(ordinal - 1);
  const ordinals = Uint32Array.from({ length: parser.users.count }, (_, user) => user + 1);
  const users = { ordinals, sentIds: new Uint32Array(ordinals.length), sentIdTexts: [''] };
  const chunk = { columns, names, users, sequence: 7 };
  return rowsByDay(columns).flatMap(({ day, rows }) =>
    objectRowsOf(buildDay(chunk, day, rows), day, idOf).map((row) => ({ ...row, id: row.sentId })),
  );
}

it('stores what the lines say, each event once, in the order of a segment', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 25 }), (lines) => {
      const run = importLines(lines.map(jsonOf));
      expect(run.verdicts).toEqual(lines.map(() => 'event'));
      const last = new Map(lines.map((line, i) => [keyOf(line), { line, i }]));
      const expected = [...last.values()].sort(
        (one, other) =>
          Math.floor(one.line.time / dayMs) - Math.floor(other.line.time / dayMs) ||
          compare(one.line.event, other.line.event) ||
          ordinal(one.line.id) - ordinal(other.line.id) ||
          one.line.time - other.line.time ||
          one.i - other.i,
      );
      expect(
        daysOf(run).map(({ event, id, sentTime, insertId, properties }) => ({
          event,
          id,
          time: sentTime,
          insertId,
          properties,
        })),
      ).toEqual(
        expected.map(({ line: { event, id, time, insertId, properties } }) => ({
          event,
          id,
          time,
          insertId,
          properties: { ...properties, $import: true },
        })),
      );

      function ordinal(id: string): number {
        return lines.findIndex((line) => line.id === id);
      }
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});

/** Any text, often longer than what is looked at at once. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);
const anyValue: fc.Arbitrary<PropertyValue> = fc.oneof(
  anyText,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<PropertyValue>,
);

it('reads of each line what JSON says, or leaves it', () => {
  const line = fc.record({ a: anyValue, b: anyValue, name: anyText, own: anyValue });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (drawn) => {
      const lines = drawn.flatMap(({ a, b, name, own }, i) => {
        const members = `"a":${JSON.stringify(a)},"b":${JSON.stringify(b)}`;
        const first = `"time":${noon + i},"distinct_id":"u","$insert_id":"i"`;
        const member = `${JSON.stringify(`k${name}`)}:${JSON.stringify(own)}`;
        return [record(`${first},${members}`), record(`${first},${members},${member}`, '"Other"')];
      });
      const run = importLines(lines);
      const read = daysOf(run).sort((one, other) => one.sentTime - other.sentTime);
      const taken = lines.filter((_, i) => run.verdicts[i] === 'event');
      expect(read.map(({ properties }) => properties)).toEqual(
        taken
          .map(
            (text) =>
              JSON.parse(text) as { event: string; properties: Record<string, PropertyValue> },
          )
          .sort((one, other) => timeOf(one) - timeOf(other) || compare(one.event, other.event))
          .map(({ properties: { time: _t, distinct_id: _d, $insert_id: _i, ...sent } }) => ({
            ...sent,
            $import: true,
          })),
      );
      // What is plain in every respect is not left.
      const isPlain = /^[\x20-\x5a\x5e-\x7a]*\{[\x20-\x5a\x5e-\x7a]*\{[\x20-\x5a\x5e-\x7a]*\}\}$/;
      expect(lines.filter((text, i) => isPlain.test(text) && run.verdicts[i] !== 'event')).toEqual(
        [],
      );
    }),
    { numRuns: propertyRuns * 2, seed: propertySeed },
  );
});

const timeOf = ({ properties }: { properties: Record<string, PropertyValue> }): number =>
  Number(properties.time);

const keyOf = ({ event, time, id, insertId }: Line): string =>
  JSON.stringify([event, time, id, insertId]);

const compare = (text: string, other: string): number => (text < other ? -1 : text > other ? 1 : 0);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

it('takes no bytes for an event that JSON does not', () => {
  fc.assert(
    fc.property(
      anyLine,
      fc.nat(),
      fc.constantFrom('', '"', '{', ',', '\\', '0', ':', 'x'),
      (line, at, put) => {
        const json = jsonOf({ ...line, space: '' });
        const broken = json.slice(0, at % json.length) + put + json.slice((at % json.length) + 1);
        const { verdicts } = importLines([broken]);
        expect(verdicts.includes('event') && !isJson(broken)).toBe(false);
      },
    ),
    { numRuns: propertyRuns * 3, seed: propertySeed },
  );
});

it.each([
  ['a command of identity', record(good, '"$identify"')],
  ['a device with a user', record(`${good},"$device_id":"d","$user_id":"u"`)],
  [
    'a user of a device',
    record(`"time":1,"distinct_id":"$device:x","$insert_id":"i","$user_id":"u"`),
  ],
  ['an address', record(`${good},"ip":"8.8.8.8"`)],
  ['an agent', record(`${good},"$user_agent":"Mozilla"`)],
  ['a time of the future', record(`"time":${now + 1},"distinct_id":"u","$insert_id":"i"`)],
  ['a time before 1971', record('"time":1000,"distinct_id":"u","$insert_id":"i"')],
  ['a time as text', record('"time":"1700000000","distinct_id":"u","$insert_id":"i"')],
  ['no time', record('"distinct_id":"u","$insert_id":"i"')],
  ['no distinct id', record('"time":1700000000,"$insert_id":"i"')],
  ['an id of nobody', record('"time":1700000000,"distinct_id":"null","$insert_id":"i"')],
  [
    'an id in another spelling',
    record('"time":1700000000,"distinct_id":"\\u0061","$insert_id":"i"'),
  ],
  ['an insert id of nothing', record('"time":1700000000,"distinct_id":"u","$insert_id":"null"')],
  [
    'an insert id of other letters',
    record('"time":1700000000,"distinct_id":"u","$insert_id":"a b"'),
  ],
  ['two members of one name', record(`${good},"a":1,"a":2`)],
  ['two members of one name in two spellings', record(`${good},"a":1,"\\u0061":2`)],
  ['a number beyond a double', record(`${good},"a":1e999`)],
  ['half a surrogate pair', record(`${good},"a":"\\ud83d"`)],
  ['U+0000', record(`${good},"a":"\\u0000"`)],
  ['a list in a list in a list in a list', record(`${good},"a":[[[[1]]]]`)],
  ['a long string in a list', record(`${good},"a":["${'x'.repeat(256)}"]`)],
  ['a member beside the properties', `{"event":"A","x":1,"properties":{${good}}}`],
  ['properties twice', `{"event":"A","properties":{${good}},"properties":{${good}}}`],
  ['a person', '{"$distinct_id":"u","$set":{"a":1}}'],
  ['no properties', '{"event":"A","properties":{}}'],
  ['more behind the record', `${record(good)} x`],
  [
    'too many properties',
    record(`${good}${Array.from({ length: 254 }, (_, i) => `,"p${i}":1`).join('')}`),
  ],
])('leaves to ingestion: %s', (_, line) => {
  expect(importLines([line]).verdicts).toEqual(['odd']);
  // Again, when its tokens are known.
  expect(importLines([record(good), line, line]).verdicts).toEqual(['event', 'odd', 'odd']);
});

it('leaves bytes to ingestion that are not UTF-8', () => {
  const odd: number[] = [];
  const parser = newParser((line) => odd.push(line));
  const bytes = Buffer.from(record(`${good},"a":"?"`));
  bytes[bytes.indexOf('?')] = 0xff;
  parser.readLines({ bytes, line: 7, now }, new ImportColumnsWriter());
  expect(odd).toEqual([7]);
});

it.each(['\n', '\r\n'])('reads lines that end with %j like lines alone', (newline) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyLine, fc.nat(), fc.boolean())), (drawn) => {
      const lines = drawn.map(([line, at, isCut]) => {
        const json = jsonOf(line);
        return isCut ? json.slice(0, at % json.length) : json;
      });
      const alone = lines.map((line) => importLines([line]).verdicts[0]);
      expect(importLines(lines, newline).verdicts).toEqual(alone);
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});

it.each([
  ['between tokens', `{"event":"A",`, `"properties":{${good}}}`],
  ['within a string', `{"event":"A`, `","properties":{${good}}}`],
  ['within a list', `{"event":"A","properties":{${good},"a":[1,`, `2]}}`],
  ['behind a backslash in a list', `{"event":"A","properties":{${good},"a":["\\`, `"]}}`],
  ['within a number', `{"event":"A","properties":{${good},"a":1`, `2}}`],
])('takes no record of two lines: cut %s', (_, one, other) => {
  const lines = [record(good), one, other, record(good)];
  expect(importLines(lines).verdicts).toEqual(['event', 'odd', 'odd', 'event']);
});

it('leaves lines to ingestion that are too long', () => {
  const line = record(good);
  const fill = ' '.repeat(lineBytesMax - line.length);
  expect(importLines([line + fill, `${line}${fill} `, line]).verdicts).toEqual([
    'event',
    'odd',
    'event',
  ]);
});

it('remembers no value of a line that is too long', () => {
  const parser = newParser();
  const before = parser.valueBytes;
  const bytes = Buffer.from(record(`${good},"a":"${'x'.repeat(lineBytesMax)}"`));
  parser.readLines({ bytes, line: 1, now }, new ImportColumnsWriter());
  expect(parser.valueBytes).toBe(before);
});

it('cuts long strings as ingestion does, and makes an insert id where there is none', () => {
  const long = `${'x'.repeat(254)}\u{1f600}`;
  const run = importLines([
    '',
    record(`"time":1700000000.5,"distinct_id":"u","a":"${long}","token":"t"`),
  ]);
  expect(run.verdicts).toEqual(['blank', 'event']);
  expect(daysOf(run)).toMatchObject([
    {
      insertId: 'made-2',
      sentTime: 1_700_000_000_500,
      properties: { $import: true, a: 'x'.repeat(254) },
    },
  ]);
});

it.each<[string, PropertyValue]>([
  ['1', 1],
  ['1.0', 1],
  ['"1"', '1'],
  ['true', true],
  ['[1]', [1]],
  ['"2024-01-01"', '2024-01-01'],
  ['9007199254740993', 9_007_199_254_740_992],
])('stores %s as what JSON says it is, whatever else the property was', (json, expected) => {
  const others = ['1', '"1"', 'true', '[1]'].map((other) => record(`${good},"a":${other}`, '"B"'));
  const run = importLines([...others, record(`${good},"a":${json}`)]);
  expect(daysOf(run).find(({ event }) => event === 'View')?.properties).toEqual({
    $import: true,
    a: expected,
  });
});

it('keeps the values of thousands of rows with theirs, in long stretches of one shape and short ones', () => {
  const count = 3000;
  const sent = Array.from({ length: count }, (_, i) => ({
    a: i,
    // One shape for the first 1,100 rows, then another one at each third.
    ...(i > 1100 && i % 3 === 0 ? { b: `b${i % 7}` } : {}),
  }));
  const lines = sent.map((own, i) =>
    record(
      `"time":${1_700_000_000_000 + i},"distinct_id":"u","$insert_id":"i${i}",${JSON.stringify(own).slice(1, -1)}`,
    ),
  );
  expect(daysOf(importLines(lines)).map(({ properties }) => properties)).toEqual(
    sent.map((own) => ({ ...own, $import: true })),
  );
});

it('numbers values anew after forgetting them', () => {
  const parser = newParser();
  const teller = new NamesTeller(parser);
  const mirror = new NamesMirror();
  const read = (value: string) => {
    const columns = new ImportColumnsWriter();
    const bytes = Buffer.from(record(`${good},"a":"${value}"`));
    parser.readLines({ bytes, line: 1, now }, columns);
    mirror.learn(teller.learned());
    const { values, shapes } = columns.written();
    return mirror.shapes[shapes[0]]?.length === 1 ? mirror.values.at(-1)?.[values[0]] : null;
  };
  expect([read('x'), read('y'), read('x')]).toEqual(['x', 'y', 'x']);
  teller.forgetValues();
  expect([read('y'), read('z')]).toEqual(['y', 'z']);
});
