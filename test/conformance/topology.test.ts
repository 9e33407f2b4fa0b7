/** Queues and exchanges: what the check list leaves open. */
import type { Field } from '../../lib/amqp/field-table.ts';
import { describe, expect, test } from './fixtures.ts';
import type { Refused } from './refusal.ts';

const text = (value: string): Field => ({ type: 'S', value });

async function refusal(attempt: Promise<unknown>): Promise<Pick<Refused, 'scope' | 'code' | 'text'>> {
  const {
    scope,
    code,
    text: said,
  } = await attempt.then(
    () => expect.fail('it was not refused'),
    (error: Refused) => error,
  );
  return { scope, code, text: said };
}

const refused = (code: number, said: string) => ({ scope: 'channel', code, text: said });

describe('declaring again', () => {
  test('an exchange is compared by type, durable, auto_delete and internal; passive by nothing', async ({
    wire,
    named,
  }) => {
    const exchange = named('e');
    const channel = await wire.openChannel();
    await channel.call('exchange.declare', { exchange, type: 'direct', arguments: [['x-mine', text('1')]] });
    await channel.call('exchange.declare', { exchange, type: 'direct' });
    await channel.call('exchange.declare', { exchange, type: 'fanout', durable: true, passive: true });
    const said = `PRECONDITION_FAILED - inequivalent arg 'type' for exchange '${exchange}' in vhost '/': received 'fanout' but current is 'direct'`;
    expect(await refusal(channel.call('exchange.declare', { exchange, type: 'fanout', durable: true }))).toEqual(
      refused(406, said),
    );
  });
});

describe('names', () => {
  test('amq. is reserved; what is there may be declared alike', async ({ wire }) => {
    const channel = await wire.openChannel();
    await channel.call('exchange.declare', { exchange: 'amq.direct', type: 'direct', durable: true });
    const asked = [
      ['queue.declare', { queue: 'amq.mine' }, "queue name 'amq.mine' contains reserved prefix 'amq.*'"],
      [
        'exchange.declare',
        { exchange: 'amq.mine', type: 'direct' },
        "exchange name 'amq.mine' contains reserved prefix 'amq.*'",
      ],
      [
        'exchange.delete',
        { exchange: 'amq.direct' },
        "deletion of system exchange 'amq.direct' in vhost '/' not allowed",
      ],
      ['exchange.declare', { exchange: '', type: 'direct' }, 'operation not permitted on the default exchange'],
      ['queue.bind', { exchange: '', queue: 'none' }, 'operation not permitted on the default exchange'],
    ] as const;
    for (const [index, [method, args, reason]] of asked.entries()) {
      const other = await wire.openChannel(index + 2);
      expect(await refusal(other.call(method, args))).toEqual(refused(403, `ACCESS_REFUSED - ${reason}`));
    }
  });
});

describe('deleting and unbinding', () => {
  test('if-unused and if-empty are kept to', async ({ wire, named }) => {
    const [queue, exchange] = [named('q'), named('e')];
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue });
    await channel.call('exchange.declare', { exchange, type: 'fanout' });
    await channel.call('queue.bind', { exchange, queue });
    channel.publish({ exchange }, 'x');
    await channel.call('basic.consume', { queue, consumerTag: 'c' });
    const failed = (what: string) => refused(406, `PRECONDITION_FAILED - ${what}`);
    const where = `queue '${queue}' in vhost '/'`;
    expect(await refusal((await wire.openChannel(2)).call('queue.delete', { queue, ifUnused: true }))).toEqual(
      failed(`${where} in use`),
    );
    const used = `exchange '${exchange}' in vhost '/' in use`;
    expect(await refusal((await wire.openChannel(3)).call('exchange.delete', { exchange, ifUnused: true }))).toEqual(
      failed(used),
    );
    await channel.call('basic.cancel', { consumerTag: 'c' });
    await channel.call('basic.recover', { requeue: true });
    expect(await refusal((await wire.openChannel(4)).call('queue.delete', { queue, ifEmpty: true }))).toEqual(
      failed(`${where} not empty`),
    );
    expect((await channel.call('queue.delete', { queue })).arguments.messageCount).toBe(1);
  });
});
