/** Ends of messages, direct answers, transactions: what the check list leaves open. */
import type { Field } from '../../lib/amqp/field-table.ts';
import { describe, expect, test } from './fixtures.ts';
import { eventually } from './patience.ts';
import type { WireChannel } from './wire-channel.ts';

const text = (value: string): Field => ({ type: 'S', value });
const number = (value: number): Field => ({ type: 'I', value });

async function ready(channel: WireChannel, queue: string): Promise<number> {
  return (await channel.call('queue.declare', { queue, passive: true })).arguments.messageCount;
}

async function rest(channel: WireChannel, queue: string): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const got = await channel.call('basic.get', { queue, noAck: true });
    if (got.name === 'basic.get-empty') return found;
    found.push(String(got.content?.body));
  }
}

/** The next dead letter of a queue, once it has come. */
async function letter(channel: WireChannel, queue: string) {
  await eventually(
    () => ready(channel, queue),
    (count) => count > 0,
  );
  const got = await channel.call('basic.get', { queue, noAck: true });
  if (got.name !== 'basic.get-ok' || !got.content) throw new Error('no dead letter came');
  return { ...got.arguments, properties: got.content.properties };
}

describe('length', () => {
  test('in bytes counts bodies', async ({ wire, named }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue, arguments: [['x-max-length-bytes', number(5)]] });
    for (const body of ['aaa', 'bb', 'c']) channel.publish({ routingKey: queue }, body);
    expect(await rest(channel, queue)).toEqual(['bb', 'c']);
  });
});

describe('dead letters', () => {
  test('a purge makes none', async ({ wire, named }) => {
    const [queue, dead] = [named('q'), named('dead')];
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue: dead });
    await channel.call('queue.declare', {
      queue,
      arguments: [
        ['x-dead-letter-exchange', text('')],
        ['x-dead-letter-routing-key', text(dead)],
      ],
    });
    channel.publish({ routingKey: queue }, 'x');
    expect((await channel.call('queue.purge', { queue })).arguments.messageCount).toBe(1);
    expect(await ready(channel, dead)).toBe(0);
  });
});

describe('direct answers', () => {
  const queue = 'amq.rabbitmq.reply-to';

  test('come to the channel that asked, without acks, at a name that the broker makes', async ({ wire, named }) => {
    const questions = named('questions');
    const [asker, answerer] = [await wire.openChannel(1), await wire.openChannel(2)];
    await asker.call('queue.declare', { queue: questions });
    await asker.call('basic.consume', { queue, noAck: true });
    asker.publish({ routingKey: questions }, 'question', { replyTo: queue });
    const question = await letter(answerer, questions);
    const place = question.properties.replyTo as string;
    expect(place).toMatch(/^amq\.rabbitmq\.reply-to\../);
    expect((await answerer.call('queue.declare', { queue: place, passive: true })).arguments).toMatchObject({
      messageCount: 0,
      consumerCount: 1,
    });
    answerer.publish({ routingKey: place }, 'answer');
    expect((await asker.next('basic.deliver')).content.body.toString()).toBe('answer');
  });
});

describe('transactions', () => {
  test('what was published goes to the queues that have their names at the commit, and back when none has', async ({
    wire,
    named,
  }) => {
    const [again, gone] = [named('again'), named('gone')];
    const [channel, other] = [await wire.openChannel(1), await wire.openChannel(2)];
    for (const queue of [again, gone]) await other.call('queue.declare', { queue });
    await channel.call('tx.select');
    channel.publish({ routingKey: again, mandatory: true }, 'to the new one');
    channel.publish({ routingKey: gone, mandatory: true }, 'back');
    channel.publish({ routingKey: gone }, 'lost');
    await channel.call('channel.flow', { active: true });
    for (const queue of [again, gone]) await other.call('queue.delete', { queue });
    await other.call('queue.declare', { queue: again });
    await channel.call('tx.commit');
    const returned = await channel.next('basic.return');
    expect([returned.arguments.replyCode, `${returned.content.body}`]).toEqual([312, 'back']);
    expect(channel.unread).toBe(0);
    const got = await channel.call('basic.get', { queue: again });
    expect(got).toMatchObject({ name: 'basic.get-ok', content: { body: Buffer.from('to the new one') } });
  });

  test.for([
    ['confirm.select', 'tx.select', 'cannot switch from confirm to tx mode'],
    ['tx.select', 'confirm.select', 'cannot switch from tx to confirm mode'],
    ['channel.flow', 'tx.commit', 'channel is not transactional'],
    ['channel.flow', 'tx.rollback', 'channel is not transactional'],
  ] as const)('after %s, %s is refused', async ([first, second, reason], { wire }) => {
    const channel = await wire.openChannel();
    await (first === 'channel.flow' ? channel.call(first, { active: true }) : channel.call(first));
    await expect(channel.call(second)).rejects.toMatchObject({ code: 406, text: `PRECONDITION_FAILED - ${reason}` });
  });

  test('what is wrong with a publish is said at once', async ({ wire }) => {
    const channel = await wire.openChannel();
    await channel.call('tx.select');
    channel.publish({ routingKey: 'k' }, 'x', { headers: [['CC', text('k')]] });
    expect(await channel.refusal()).toMatchObject({ code: 406, classId: 60, methodId: 40 });
  });
});
