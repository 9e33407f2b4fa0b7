import { AMQPClient } from '@cloudamqp/amqp-client';
import { Connection as RabbitConnection } from 'rabbitmq-client';
import { describe, expect, test } from './fixtures.ts';
import { consume } from './inbox.ts';
import { Mailbox } from './mailbox.ts';

describe('amqplib', () => {
  test('publishes and consumes', async ({ channel, named }) => {
    const queue = named('orders');
    await channel.assertQueue(queue);
    const inbox = await consume(channel, queue);
    channel.sendToQueue(queue, Buffer.from('hello'), { persistent: true, headers: { shop: 7 } });
    const message = await inbox.next();
    expect(message.content.toString()).toBe('hello');
    expect(message.fields).toMatchObject({ exchange: '', routingKey: queue, redelivered: false, deliveryTag: 1 });
    expect(message.properties).toMatchObject({ deliveryMode: 2, headers: { shop: 7 } });
    channel.ack(message);
    expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 0, consumerCount: 1 });
  });

  test('confirms', async ({ confirmChannel, named }) => {
    const queue = named('orders');
    await confirmChannel.assertQueue(queue);
    for (let i = 0; i < 100; i++) confirmChannel.sendToQueue(queue, Buffer.from(String(i)), { persistent: true });
    await confirmChannel.waitForConfirms();
    expect(await confirmChannel.checkQueue(queue)).toMatchObject({ messageCount: 100 });
  });

  test('nacks', async ({ channel, named }) => {
    const queue = named('orders');
    await channel.assertQueue(queue);
    const inbox = await consume(channel, queue);
    channel.sendToQueue(queue, Buffer.from('again'));
    channel.nack(await inbox.next());
    const again = await inbox.next();
    expect(again.fields.redelivered).toBe(true);
    channel.nack(again, false, false);
    expect(await channel.checkQueue(queue)).toMatchObject({ messageCount: 0 });
  });

  test('gets', async ({ channel, named }) => {
    const queue = named('orders');
    await channel.assertQueue(queue);
    expect(await channel.get(queue)).toBe(false);
    channel.sendToQueue(queue, Buffer.from('one'));
    channel.sendToQueue(queue, Buffer.from('two'));
    const message = await channel.get(queue, { noAck: true });
    expect(message).toMatchObject({ content: Buffer.from('one'), fields: { messageCount: 1, redelivered: false } });
  });
});

describe('rabbitmq-client', () => {
  const rabbitTest = test.extend('rabbit', async ({ broker }, { onCleanup }) => {
    const rabbit = new RabbitConnection(broker.url);
    onCleanup(() => rabbit.close());
    await rabbit.onConnect();
    return rabbit;
  });

  rabbitTest('publishes, confirms and consumes', async ({ rabbit, named }) => {
    const queue = named('orders');
    await rabbit.queueDeclare({ queue, durable: true });
    const publisher = rabbit.createPublisher({ confirm: true });
    const arrived = new Mailbox<{ body: unknown; headers: unknown }>('a delivery');
    const consumer = rabbit.createConsumer(
      { queue, queueOptions: { durable: true }, noAck: false, qos: { prefetchCount: 10 } },
      async ({ body, headers }) => {
        arrived.put({ body, headers });
      },
    );
    await publisher.send({ routingKey: queue, durable: true, headers: { shop: 7 } }, { order: 1 });
    expect(await arrived.next()).toEqual({ body: { order: 1 }, headers: { shop: 7 } });
    await consumer.close();
    await publisher.close();
    expect(await rabbit.queueDeclare({ queue, passive: true })).toMatchObject({ messageCount: 0 });
  });

  rabbitTest('nacks', async ({ rabbit, named }) => {
    const queue = named('orders');
    await rabbit.queueDeclare({ queue, durable: true });
    const channel = await rabbit.acquire();
    await channel.basicPublish(queue, 'again');
    const first = await channel.basicGet(queue);
    channel.basicNack({ deliveryTag: first?.deliveryTag ?? 0, requeue: true });
    const second = await channel.basicGet(queue);
    expect(second).toMatchObject({ body: 'again', redelivered: true });
    channel.basicNack({ deliveryTag: second?.deliveryTag ?? 0, requeue: false });
    expect(await channel.basicGet(queue)).toBeUndefined();
    await channel.close();
  });

  rabbitTest('gets', async ({ rabbit, named }) => {
    const queue = named('orders');
    await rabbit.queueDeclare({ queue, durable: true });
    expect(await rabbit.basicGet(queue)).toBeUndefined();
    const channel = await rabbit.acquire();
    await channel.basicPublish(queue, 'one');
    expect(await channel.basicGet({ queue, noAck: true })).toMatchObject({ body: 'one', routingKey: queue });
    await channel.close();
  });
});

describe('@cloudamqp/amqp-client', () => {
  const cloudTest = test.extend('cloud', async ({ broker }, { onCleanup }) => {
    const connection = await new AMQPClient(broker.url).connect();
    onCleanup(() => connection.close());
    return connection.channel();
  });

  cloudTest('publishes, confirms and consumes', async ({ cloud, named }) => {
    const queue = named('orders');
    await cloud.queueDeclare(queue, { durable: true });
    const arrived = new Mailbox<string | null>('a delivery');
    const consumer = await cloud.basicConsume(queue, { noAck: false }, async (message) => {
      arrived.put(message.bodyString());
      await message.ack();
    });
    await cloud.confirmSelect();
    expect(await cloud.basicPublish('', queue, 'hello', { deliveryMode: 2, headers: { shop: 7 } })).toBe(1);
    expect(await arrived.next()).toBe('hello');
    await consumer.cancel();
    expect(await cloud.queueDeclare(queue, { passive: true })).toMatchObject({ messageCount: 0 });
  });

  cloudTest('nacks', async ({ cloud, named }) => {
    const queue = named('orders');
    await cloud.queueDeclare(queue, { durable: true });
    await cloud.basicPublish('', queue, 'again');
    const first = await cloud.basicGet(queue, { noAck: false });
    await first?.nack(true);
    const second = await cloud.basicGet(queue, { noAck: false });
    expect(second).toMatchObject({ redelivered: true });
    expect(second?.bodyString()).toBe('again');
    await second?.nack(false);
    expect(await cloud.basicGet(queue)).toBeNull();
  });

  cloudTest('gets', async ({ cloud, named }) => {
    const queue = named('orders');
    await cloud.queueDeclare(queue, { durable: true });
    expect(await cloud.basicGet(queue)).toBeNull();
    await cloud.basicPublish('', queue, 'one');
    expect((await cloud.basicGet(queue, { noAck: true }))?.bodyString()).toBe('one');
  });
});
