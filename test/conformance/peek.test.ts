/** Looking at messages through the console, while real clients take them. */
import type { PeekPage } from '../../lib/engine/messages.ts';
import { ConsoleClient } from './console-client.ts';
import { expect, test } from './fixtures.ts';

// Only Warren has it.
const isOurs = !process.env.WARREN_CONFORMANCE_URL;

test.runIf(isOurs)(
  'looking, page by page, takes nothing, marks nothing and changes no order',
  async ({ broker, confirmChannel, named }) => {
    const client = await ConsoleClient.signedIn(broker);
    for (const type of ['classic', 'quorum']) {
      const queue = named(`peeked-${type}`);
      await confirmChannel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': type } });
      for (let i = 0; i < 60; i++) {
        confirmChannel.sendToQueue(queue, Buffer.from(`body ${i}`), { headers: { n: i, half: i % 2 } });
      }
      await confirmChannel.waitForConfirms();
      const search = async (query: Record<string, string>): Promise<string[]> => {
        const seen: string[] = [];
        for (let from: string | null = ''; from !== null; ) {
          const parameters = new URLSearchParams({ vhost: '/', queue, limit: '7', ...query, ...(from && { from }) });
          const response = await client.send('GET', `/messages?${parameters}`);
          expect(response.status).toBe(200);
          const page = (await response.json()) as PeekPage;
          expect(page.messages.every(({ redelivered }) => !redelivered)).toBe(true);
          seen.push(...page.messages.map(({ body }) => Buffer.from(body, 'base64').toString()));
          from = page.next;
        }
        return seen;
      };
      // More often than a quorum queue lets a message come back.
      for (let i = 0; i < 25; i++) expect(await search({ header: 'n', headerValue: '59' })).toEqual(['body 59']);
      const all = Array.from({ length: 60 }, (_, i) => `body ${i}`);
      expect(await search({})).toEqual(all);
      expect(await search({ header: 'half', headerValue: '1', containing: 'body 5' })).toEqual(
        [5, 51, 53, 55, 57, 59].map((i) => `body ${i}`),
      );
      expect(await search({ key: queue })).toEqual(all);
      expect(await search({ reason: 'rejected' })).toEqual([]);
      for (const body of all) {
        const message = await confirmChannel.get(queue, { noAck: true });
        if (message === false) throw new Error('the queue is empty');
        expect([message.content.toString(), message.fields.redelivered]).toEqual([body, false]);
        expect(message.properties.headers).not.toHaveProperty('x-delivery-count');
      }
    }
    expect((await client.send('GET', '/messages?vhost=%2F&queue=q&reason=other')).status).toBe(400);
  },
);
