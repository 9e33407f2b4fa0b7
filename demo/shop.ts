/**
 * `npm run demo`: a small shop against a running broker, so that there is something to see.
 *
 *   orders ─(topic)→ billing   two workers; some cards are refused          → billing.dead
 *                  → shipping  one slow worker; a few addresses are unknown → shipping.dead
 *                  → audit     keeps the last 1,000 orders and has no worker
 */
import { type Channel, type ChannelModel, type ConsumeMessage, connect } from 'amqplib';
import { nextOrder, type Order } from './order.ts';

const url = process.env.WARREN_DEMO_URL || `amqp://localhost:${process.env.WARREN_AMQP_PORT || 5672}`;
const TICK_MS = 40;
/** Orders come in waves, so that the slow workers fall behind and catch up again. */
const WAVE_MS = 60_000;
const REPORT_EVERY_MS = 5_000;

const counts = { orders: 0, billed: 0, refused: 0, shipped: 0, returned: 0 };

/** What each queue's workers do with an order: how long it takes, and whether it can be done. */
interface Station {
  queue: string;
  pattern: string;
  workers: number;
  workMs: number;
  problem: (order: Order) => string | null;
  done: 'billed' | 'shipped';
  failed: 'refused' | 'returned';
}

const STATIONS: Station[] = [
  {
    queue: 'billing',
    pattern: 'order.#',
    workers: 2,
    workMs: 30,
    problem: (order) => (order.card.endsWith('0000') ? 'card refused' : null),
    done: 'billed',
    failed: 'refused',
  },
  {
    queue: 'shipping',
    pattern: 'order.*.parcel',
    workers: 1,
    workMs: 55,
    problem: (order) => (order.city === 'Atlantis' ? 'address unknown' : null),
    done: 'shipped',
    failed: 'returned',
  },
];

const connection = await connectOrEnd();
const channel = await connection.createConfirmChannel();
await build(channel);
for (const station of STATIONS) for (let i = 1; i <= station.workers; i++) await work(connection, station, i);
console.log(`The shop is open at ${hidden(url)}: exchange orders, queues billing, shipping, audit. Ctrl-C closes it.`);

const selling = setInterval(() => {
  const height = 1 + Math.sin((Date.now() / WAVE_MS) * 2 * Math.PI);
  for (let left = 1 + height; Math.random() < left; left--) sell();
}, TICK_MS);
const reporting = setInterval(report, REPORT_EVERY_MS);

function sell(): void {
  const order = nextOrder();
  const kind = order.parcel ? 'parcel' : 'download';
  channel.publish('orders', `order.${order.country}.${kind}`, Buffer.from(JSON.stringify(order)), {
    contentType: 'application/json',
    persistent: true,
    messageId: order.id,
    timestamp: Math.floor(Date.now() / 1000),
    appId: 'shop',
    headers: { country: order.country, total: order.total },
  });
  counts.orders++;
}

let closing = false;
connection.on('error', () => {});
connection.on('close', () => {
  if (closing) return;
  console.error('The broker has closed the connection.');
  process.exit(1);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close());

async function connectOrEnd(): Promise<ChannelModel> {
  try {
    return await connect(url, { clientProperties: { connection_name: 'shop' } });
  } catch (error) {
    console.error(
      `No broker at ${hidden(url)} (${error instanceof Error ? error.message || error.name : error}). Start one with: npm start`,
    );
    process.exit(1);
  }
}

async function build(channel: Channel): Promise<void> {
  await channel.assertExchange('orders', 'topic');
  await channel.assertExchange('orders.dead', 'direct');
  for (const { queue, pattern } of STATIONS) {
    await channel.assertQueue(`${queue}.dead`);
    await channel.bindQueue(`${queue}.dead`, 'orders.dead', queue);
    await channel.assertQueue(queue, { deadLetterExchange: 'orders.dead', deadLetterRoutingKey: queue });
    await channel.bindQueue(queue, 'orders', pattern);
  }
  await channel.assertQueue('audit', { maxLength: 1_000 });
  await channel.bindQueue('audit', 'orders', '#');
}

/** One worker, on its own channel as a program of its own would be. */
async function work(connection: ChannelModel, station: Station, number: number): Promise<void> {
  const channel = await connection.createChannel();
  await channel.prefetch(3);
  const take = (message: ConsumeMessage | null): void => {
    if (message === null) return;
    setTimeout(() => {
      const problem = station.problem(JSON.parse(message.content.toString()) as Order);
      if (closing) return;
      if (problem === null) channel.ack(message);
      else channel.nack(message, false, false);
      counts[problem === null ? station.done : station.failed]++;
    }, station.workMs);
  };
  await channel.consume(station.queue, take, { consumerTag: `${station.queue}-${number}` });
}

function report(): void {
  const { orders, billed, refused, shipped, returned } = counts;
  console.log(
    `${orders} orders, ${billed} billed (${refused} cards refused), ${shipped} shipped (${returned} returned)`,
  );
}

async function close(): Promise<void> {
  // npm passes Ctrl-C on, and the terminal has sent it already.
  if (closing) return;
  closing = true;
  clearInterval(selling);
  clearInterval(reporting);
  report();
  // Whatever hangs, the shop is closed within two seconds.
  setTimeout(() => process.exit(0), 2_000).unref();
  await channel.waitForConfirms().catch(() => {});
  await connection.close().catch(() => {});
  console.log('The shop is closed. What it left in its queues stays for you to look at.');
}

function hidden(address: string): string {
  return address.replace(/:\/\/[^@/]*@/, '://');
}
