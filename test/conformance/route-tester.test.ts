/** What the console says of the way of a message, against where real clients' messages go. */
import { randomBytes } from 'node:crypto';
import type { ConfirmChannel } from 'amqplib';
import fc from 'fast-check';
import type { RouteAnswer } from '../../lib/engine/routing.ts';
import { jsonTable } from '../../lib/fields/json-table.ts';
import type { TypedTable } from '../../lib/fields/typed-field.ts';
import { writeJson } from '../../lib/json/write-json.ts';
import { type AnyTopology, anyMessage, anyTopology } from '../lib/broker/any-topology.ts';
import { ConsoleClient } from './console-client.ts';
import { expect, test } from './fixtures.ts';

// Only Warren has it.
const isOurs = !process.env.WARREN_CONFORMANCE_URL;

const plainTable = (table: TypedTable): object => JSON.parse(writeJson(jsonTable(table)));

async function declare(channel: ConfirmChannel, { queues, exchanges, bindings }: AnyTopology): Promise<void> {
  for (const queue of queues) await channel.assertQueue(queue, { durable: false });
  for (const { name, type, arguments: table } of exchanges) {
    await channel.assertExchange(name, type, { durable: false, arguments: plainTable(table) });
  }
  for (const { source, destination, destinationType, routingKey, arguments: table } of bindings) {
    if (destinationType === 'queue') await channel.bindQueue(destination, source, routingKey, plainTable(table));
    else await channel.bindExchange(destination, source, routingKey, plainTable(table));
  }
}

test.runIf(isOurs)(
  'a message goes where the console said, whatever the topology',
  async ({ broker, confirmChannel }) => {
    const client = await ConsoleClient.signedIn(broker);
    let reached = 0;
    await fc.assert(
      fc.asyncProperty(
        anyTopology(),
        fc.array(anyMessage(), { minLength: 1, maxLength: 4 }),
        async (draw, messages) => {
          const prefix = `rt-${randomBytes(4).toString('hex')}-`;
          const topology = draw(prefix);
          await declare(confirmChannel, topology);
          for (const drawn of messages) {
            const { exchange, routingKey, headers } = drawn(prefix);
            const said = await client.act<RouteAnswer>('POST', '/route', {
              ...{ vhost: '/', exchange, routingKey },
              properties: { headers },
            });
            const { CC, BCC, ...rest } = plainTable(headers) as { CC?: string[]; BCC?: string[] };
            const options = { headers: rest, ...(CC && { CC }), ...(BCC && { BCC }) };
            confirmChannel.publish(exchange, routingKey, Buffer.from('x'), options);
            await confirmChannel.waitForConfirms();
            const got: string[] = [];
            for (const queue of topology.queues) {
              const { messageCount } = await confirmChannel.purgeQueue(queue);
              expect(messageCount).toBeLessThanOrEqual(1);
              if (messageCount > 0) got.push(queue);
            }
            reached += got.length;
            expect(said.queues.map(({ name }) => name)).toEqual(expect.arrayContaining(got));
            expect(got).toEqual(
              expect.arrayContaining(said.queues.filter(({ isCertain }) => isCertain).map(({ name }) => name)),
            );
            const byChance = said.exchanges.some(({ bindings }) => bindings.some(({ taken }) => taken === 'chance'));
            if (!byChance) expect(got.sort()).toEqual(said.queues.map(({ name }) => name).sort());
          }
          for (const queue of topology.queues) await confirmChannel.deleteQueue(queue);
          for (const { name } of topology.exchanges) await confirmChannel.deleteExchange(name);
        },
      ),
      { numRuns: 25 },
    );
    expect(reached).toBeGreaterThan(0);
  },
);
