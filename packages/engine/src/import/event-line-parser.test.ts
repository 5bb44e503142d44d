import type { PropertyValue } from '@arbor/schema/property-value';
import { expect, it } from 'vitest';
import { EventLineParser } from './event-line-parser.ts';
import { ImportColumnsWriter } from './import-columns.ts';
import { NamesMirror, NamesTeller } from './learned-names.ts';

const now = Date.UTC(2026, 2, 4);

/** A parser with what it took, as objects in the order of the file. */
function newReader(options: { readonly namesMax?: number } = {}) {
  const odd: number[] = [];
  const columns = new ImportColumnsWriter();
  const parser = new EventLineParser({
    makeInsertId: (line) => Buffer.from(`made-${line}`),
    lineBytesMax: 4096,
    ...options,
    onOdd: (line) => odd.push(line),
  });
  let next = 1;
  return {
    odd,
    read: (lines: readonly string[]): void => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      next = parser.readLines({ bytes, line: next, now }, columns);
    },
    events: () => {
      const names = new NamesMirror();
      names.learn(new NamesTeller(parser).learned());
      const { rowCount, times, users, events, shapes, values, valueStarts, ...ids } =
        columns.written();
      return Array.from({ length: rowCount }, (_, row) => ({
        event: names.events[events[row]],
        time: times[row],
        id: parser.users.text(users[row]),
        insertId: Buffer.from(
          ids.insertIdBytes.slice(ids.insertIdEnds[row - 1] ?? 0, ids.insertIdEnds[row]),
        ).toString(),
        properties: Object.fromEntries(
          [...names.shapes[shapes[row]]].map((property, k) => [
            names.properties[property],
            names.values[property][values[valueStarts[row] + k]],
          ]),
        ),
      }));
    },
  };
}

interface Sent {
  readonly event?: string;
  readonly id?: string;
  readonly insertId?: string;
  readonly properties?: Readonly<Record<string, PropertyValue>>;
}

function jsonOf({ event = 'View', id = 'u', insertId = 'i', properties = {} }: Sent): string {
  const own = { time: 1_700_000_000_000, distinct_id: id, $insert_id: insertId, ...properties };
  return JSON.stringify({ event, properties: own });
}

/** What was sent twice is read from what was learnt the first time. */
function readTwice(sent: readonly Sent[]) {
  const reader = newReader();
  for (let time = 0; time < 2; time++) reader.read(sent.map(jsonOf));
  expect(reader.odd).toEqual([]);
  const events = reader.events();
  expect(events.slice(sent.length)).toEqual(events.slice(0, sent.length));
  return events.slice(sent.length);
}

/** Up to three times the sixteen bytes that are looked at at once, and one more. */
const lengths = Array.from({ length: 50 }, (_, length) => length);
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP';

/** Texts of every length, and those that differ from one in a byte. */
const texts = lengths.flatMap((length) => {
  const text = letters.slice(0, length);
  const changed = [0, length >> 1, length - 1].filter((at) => at >= 0 && at < length);
  return [text, ...new Set(changed.map((at) => `${text.slice(0, at)}!${text.slice(at + 1)}`))];
});

it('tells values, names, ids and events apart, of every length', () => {
  expect(
    readTwice(texts.map((text) => ({ properties: { a: text } }))).map(
      ({ properties }) => properties.a,
    ),
  ).toEqual(texts);
  const named = texts.filter((text) => text !== '');
  expect(
    readTwice(named.map((text) => ({ properties: { [`k${text}`]: 1 } }))).map(({ properties }) =>
      Object.keys(properties),
    ),
  ).toEqual(named.map((text) => [`k${text}`]));
  expect(readTwice(named.map((id) => ({ id }))).map(({ id }) => id)).toEqual(named);
  expect(readTwice(named.map((event) => ({ event }))).map(({ event }) => event)).toEqual(named);
});

it('keeps a text and a number of the same digits apart, and so the properties', () => {
  const sent = [{ a: 1 }, { a: '1' }, { b: 1 }, { b: '1', a: 1 }, { a: '1', b: 1 }];
  expect(
    readTwice(sent.map((properties) => ({ properties }))).map(({ properties }) => properties),
  ).toEqual(sent);
});

it('finds where strings end whatever they hold, wherever it is', () => {
  const put = [
    '"',
    '\\',
    '\\"',
    '\n',
    '\u001f',
    '\u007f',
    'ü',
    '☃',
    '\u{1f600}',
    '\\\\"',
    '{',
    ']',
  ];
  const values = put.flatMap((text) =>
    lengths.map((at) => letters.slice(0, at) + text + letters.slice(at)),
  );
  const sent = values.map((value) => ({ properties: { a: value, list: [value, { b: value }] } }));
  expect(readTwice(sent).map(({ properties }) => properties)).toEqual(
    sent.map(({ properties }) => properties),
  );
});

it('leaves lines with control characters in a string, wherever they are', () => {
  for (const at of lengths) {
    const reader = newReader();
    const json = jsonOf({ properties: { a: letters.slice(0, at) + '#' + letters.slice(at) } });
    reader.read([json.replace('#', '\u001f'), json.replace('#', '\t'), json.replace('#', '\\x')]);
    expect(reader.odd).toEqual([1, 2, 3]);
  }
});

it('takes insert ids of letters, digits and dashes, 36 at most', () => {
  const ids = lengths.slice(1, 37).map((length) => letters.slice(0, length));
  ids.push('3eac1f3c-2ef5-215e-b9bd-13e28ae0975a', '-', 'zZaA09-'.repeat(5));
  expect(readTwice(ids.map((insertId) => ({ insertId }))).map(({ insertId }) => insertId)).toEqual(
    ids,
  );
  for (const at of lengths.slice(0, 36)) {
    for (const other of ['@', '[', '`', '{', '/', ':', '.', ' ', 'ü', '_']) {
      const reader = newReader();
      reader.read([jsonOf({ insertId: `${letters.slice(0, at)}${other}x` })]);
      expect(reader.odd).toEqual([1]);
    }
  }
  const reader = newReader();
  reader.read(
    ['undefined', '00000000-0000-0000-0000-000000000000', letters.slice(0, 37)].map((insertId) =>
      jsonOf({ insertId }),
    ),
  );
  expect(reader.odd).toEqual([1, 2, 3]);
});

it('makes an insert id of the line number where there is none, among lines that bring one', () => {
  const reader = newReader();
  const without = '{"event":"A","properties":{"time":1700000000,"distinct_id":"u"}}';
  reader.read([jsonOf({}), without, jsonOf({ insertId: 'own' })]);
  reader.read([without]);
  expect(reader.events().map(({ insertId }) => insertId)).toEqual(['i', 'made-2', 'own', 'made-4']);
});

it('keeps what it learnt while its tables grow', () => {
  const sent = Array.from({ length: 5000 }, (_, i) => ({
    id: `user-${i}`,
    properties: { short: `s${i}`, long: `a text of more than sixteen bytes ${i}`, number: i },
  }));
  const read = readTwice(sent);
  expect(read.map(({ id, properties }) => ({ id, properties }))).toEqual(sent);
});

it('reads records whose members come in other orders, and programs that write spaces', () => {
  const reader = newReader();
  const own = '"time":1700000000123,"distinct_id":"u","$insert_id":"i"';
  reader.read([
    `{"event":"A","properties":{${own},"a":1,"b":"x"}}`,
    `{"event":"A","properties":{"b":"x",${own},"a":1}}`,
    `{"event": "A", "properties": {"b": "x", "a": 1, ${own}}}`,
    `{"properties":{"a":1,${own},"b":"x"},"event":"A"}`,
    `{"event":"A","properties":{${own},"a":1,"b":"x"}}`,
  ]);
  const { odd } = reader;
  expect(odd).toEqual([]);
  const expected = { event: 'A', time: 1_700_000_000_123, id: 'u', insertId: 'i' };
  expect(reader.events()).toEqual(
    Array.from({ length: 5 }, () => ({ ...expected, properties: { a: 1, b: 'x' } })),
  );
});

it.each([
  ['1700000000', 1_700_000_000_000],
  ['1700000000.25', 1_700_000_000_250],
  ['1.7e9', 1_700_000_000_000],
  ['99999999999', null],
  ['31536000', 31_536_000_000],
  ['31535999', null],
  ['100000000000', 100_000_000_000],
  ['1700000000123', 1_700_000_000_123],
  ['01700000000123', null],
  ['-1700000000123', null],
  ['17000000001230000', null],
  ['1700000000123x', null],
])('reads the time %s as %j', (text, time) => {
  const reader = newReader();
  reader.read([`{"event":"A","properties":{"distinct_id":"u","time":${text},"a":1}}`]);
  expect(reader.events().map((event) => event.time)).toEqual(time === null ? [] : [time]);
});

it('takes more in one call than in any before', () => {
  const reader = newReader();
  const sent = (count: number) => Array.from({ length: count }, (_, i) => jsonOf({ id: `u${i}` }));
  for (const count of [1, 100, 10, 3000]) reader.read(sent(count));
  const expected = [1, 100, 10, 3000].flatMap((count) =>
    Array.from({ length: count }, (_, i) => `u${i}`),
  );
  expect(reader.events().map(({ id }) => id)).toEqual(expected);
});

it('leaves lines to ingestion whose names are too many to learn', () => {
  const reader = newReader({ namesMax: 20 });
  const lines = Array.from({ length: 30 }, (_, i) => jsonOf({ properties: { [`p${i}`]: 1 } }));
  reader.read([...lines, ...lines]);
  // The empty list, and those of time, distinct id and insert id, are four.
  const odd = Array.from({ length: 14 }, (_, i) => i + 17);
  expect(reader.odd).toEqual([...odd, ...odd.map((line) => line + 30)]);
  expect(reader.events()).toHaveLength(32);
  reader.odd.length = 0;
  reader.read(Array.from({ length: 30 }, (_, i) => jsonOf({ event: `event ${i}` })));
  expect(reader.odd).toEqual(Array.from({ length: 11 }, (_, i) => i + 80));
});

it('says of a file that takes more memory than there can be to cut it into parts', () => {
  const parser = new EventLineParser({
    makeInsertId: () => Buffer.from('i'),
    lineBytesMax: 4096,
    onOdd: () => undefined,
  });
  // Never touched, so it takes no memory itself.
  const lines = { bytes: new Uint8Array(2 ** 31 + 1), line: 1, now };
  expect(() => parser.readLines(lines, new ImportColumnsWriter())).toThrow(
    expect.objectContaining({
      code: 'IMPORT_TOO_LARGE',
      message: expect.stringContaining('cut the file into parts') as string,
    }),
  );
});
