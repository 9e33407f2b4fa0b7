import type { Channel } from 'amqplib';
import { pageOf } from './console-test.ts';

/** A small shop with all that the pages can show: work, a growing backlog, limits, dead letters. */
export async function openShop(channel: Channel): Promise<void> {
  await channel.assertExchange('shop.orders', 'topic');
  await channel.assertExchange('shop.dead', 'direct');
  await channel.assertQueue('shop.dead-orders');
  await channel.bindQueue('shop.dead-orders', 'shop.dead', 'orders');
  await channel.assertQueue('shop.fulfilment', {
    deadLetterExchange: 'shop.dead',
    deadLetterRoutingKey: 'orders',
    maxPriority: 5,
  });
  await channel.assertQueue('shop.invoices', { messageTtl: 3_600_000, maxLength: 60 });
  await channel.bindQueue('shop.fulfilment', 'shop.orders', 'order.#');
  await channel.bindQueue('shop.invoices', 'shop.orders', '*.paid');
  for (let i = 1; i <= 50; i++)
    channel.publish(
      'shop.orders',
      'order.paid',
      Buffer.from(JSON.stringify({ order: 1000 + i, total: i * 9.5, items: ['tea', 'cup'] })),
      {
        persistent: true,
        contentType: 'application/json',
        messageId: `order-${i}`,
        appId: 'shop-web',
        timestamp: Math.floor(Date.now() / 1000),
        headers: { tenant: 'acme', attempt: 1, address: { city: 'Ulm', zip: 89073 } },
      },
    );
  await channel.prefetch(5);
  for (let i = 0; i < 12; i++) {
    const message = await channel.get('shop.fulfilment');
    if (message !== false) channel.nack(message, false, false);
  }
  let taken = 0;
  await channel.consume('shop.fulfilment', (message) => {
    if (message !== null && taken++ < 20) channel.ack(message);
  });
}

/** Every page there is, with a name for its picture. */
export const PAGES: readonly { name: string; path: string }[] = [
  { name: 'overview', path: '/c/local' },
  { name: 'queues', path: '/c/local/queues' },
  { name: 'queue-new', path: '/c/local/queues/new' },
  { name: 'queue', path: pageOf('queues', 'shop.fulfilment') },
  { name: 'queue-messages', path: `${pageOf('queues', 'shop.invoices')}?tab=messages` },
  { name: 'queue-consumers', path: `${pageOf('queues', 'shop.fulfilment')}?tab=consumers` },
  { name: 'queue-bindings', path: `${pageOf('queues', 'shop.fulfilment')}?tab=bindings` },
  { name: 'exchanges', path: '/c/local/exchanges' },
  { name: 'exchange-new', path: '/c/local/exchanges/new' },
  { name: 'exchange', path: pageOf('exchanges', 'shop.orders') },
  { name: 'publish', path: '/c/local/publish?in=%2F&exchange=shop.orders&key=order.paid' },
  { name: 'dead-letters', path: '/c/local/dead-letters?in=%2F&queue=shop.dead-orders' },
  { name: 'audit', path: '/audit' },
  { name: 'sessions', path: '/sessions' },
];
