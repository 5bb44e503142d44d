import { expect, test } from 'vitest';
import { eventRecord, personRecord, sendRecords } from './server.ts';

const ada = { distinctId: 'ada', deviceId: 'device-1', userId: 'ada' };

test('makes records that may be sent again: an id and a time of their own', () => {
  const record = eventRecord(
    'Paid',
    ada,
    { amount: 42 },
    { time: new Date(7000), insertId: 'order-1' },
  );
  expect(record).toMatchObject({
    event: 'Paid',
    properties: {
      amount: 42,
      distinct_id: 'ada',
      $device_id: 'device-1',
      $user_id: 'ada',
      time: 7000,
      $insert_id: 'order-1',
    },
  });
  expect(personRecord('$set', { plan: 'pro' }, ada)).toMatchObject({
    $distinct_id: 'ada',
    $set: { plan: 'pro' },
    $insert_id: expect.stringMatching(/^[\w-]{20,}$/) as unknown,
  });
});

test('sends them in one request and tells what was refused', async () => {
  const asked: [string, string][] = [];
  const send = ((url: string, { body }: { body: string }) => {
    asked.push([url, body]);
    const failed = [{ index: 0, code: 'name' }];
    return Promise.resolve(Response.json({ status: 1, accepted: 1, failed }));
  }) as unknown as typeof fetch;
  const records = [eventRecord('a', ada), eventRecord('b', ada)];
  const options = { host: 'https://stats.example.com/', fetch: send };
  await expect(sendRecords('T', records, options)).resolves.toEqual({
    accepted: 1,
    failed: [{ index: 0, code: 'name' }],
  });
  expect(asked).toEqual([['https://stats.example.com/e?k=T&ip=0', JSON.stringify(records)]]);
});

test('rejects when the server is busy, so that the caller sends again', async () => {
  const send = (() => Promise.resolve(new Response('', { status: 503 }))) as typeof fetch;
  await expect(
    sendRecords('T', [], { host: 'https://stats.example.com', fetch: send }),
  ).rejects.toThrow('arbor answered 503: send the records again later');
});
