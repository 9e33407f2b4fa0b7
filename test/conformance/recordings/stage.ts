/** A broker with the objects, the clients and the load that the recorded RabbitMQ had. */
import { type Channel, type ChannelModel, connect, type Options } from 'amqplib';
import { askApi } from '../api-client.ts';
import type { TestBroker } from '../broker.ts';
import { eventually } from '../patience.ts';
import type { Recording } from './recording.ts';

export interface Stage {
  broker: TestBroker;
  /** A path as it was recorded with the names of ours in it. */
  pathOf(recorded: string): string;
  close(): Promise<void>;
}

/** Without headers: amqplib sends them always. */
const BINARY = {
  properties: { delivery_mode: 2, priority: 4 },
  routing_key: 'rec.args',
  payload: 'AP/+',
  payload_encoding: 'base64',
};
const LOAD_EVERY_MS = 10;
/** Channels with load, or queues. */
const BUSY_MAX = 2;
const RATES_MS = 30_000;
/** User and password, where they are not guest's: the recordings do not tell, their names do. */
export const CREDENTIALS: Record<string, string> = {
  'err-401-wrong': 'guest:wrong',
  'err-401-none': '',
  'err-401-not-mgmt': 'rec-none:any',
  'monitoring-user-overview': 'rec-user:secret',
  'monitoring-user-users': 'rec-user:secret',
  'monitoring-user-queues': 'rec-user:secret',
};

// biome-ignore lint/suspicious/noExplicitAny: recordings are as they are
type Json = any;

export async function setStage(broker: TestBroker, recordings: readonly Recording[]): Promise<Stage> {
  const recorded = (name: string): Json => recordings.find((recording) => recording.name === name)?.body;
  const ask = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const answer = await askApi(broker, method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await declareObjects(ask, recorded);
  const clients = await connectClients(broker);
  await passThrough(broker, 'aliveness-test');
  await ask('POST', '/exchanges/%2F/amq.default/publish', BINARY);
  await eventually(
    () => ask('GET', '/queues/%2F/rec.load?msg_rates_age=60&msg_rates_incr=5'),
    ({ message_stats: stats }) => stats?.publish_details.rate > 0 && stats.publish_details.samples.length > 1,
    RATES_MS,
  );
  // Idle is what nothing has happened to for a while.
  for (const path of ['/channels', '/queues/%2F'])
    await eventually(
      () => ask('GET', path),
      (rows) => rows.filter((row: Json) => row.idle_since === undefined).length <= BUSY_MAX,
      RATES_MS,
    );
  const names = await pairsOfNames(ask, recorded, broker);
  return {
    broker,
    pathOf: (path) => names.reduce((text, [theirs, ours]) => text.replaceAll(theirs, ours), path.replace(/^\/api/, '')),
    close: clients.close,
  };
}

/** All that definitions hold, and what those of that version leave out. */
async function declareObjects(
  ask: (method: string, path: string, body?: unknown) => Promise<Json>,
  recorded: (name: string) => Json,
): Promise<void> {
  const { users, global_parameters: parameters, ...rest } = recorded('definitions');
  await ask('POST', '/definitions', {
    ...rest,
    users: users.filter(({ name }: Json) => name !== 'guest'),
    global_parameters: parameters.filter(({ name }: Json) => name !== 'internal_cluster_id'),
  });
  for (const { name, description, tags } of recorded('vhosts'))
    await ask('PUT', `/vhosts/${encodeURIComponent(name)}`, { description, tags });
  const { tags } = users.find(({ name }: Json) => name === 'rec-user');
  await ask('PUT', '/users/rec-user', { password: 'secret', tags });
}

/** Sends a message through, as RabbitMQ does to see whether it is alive: Warren does not need to. */
async function passThrough(broker: TestBroker, queue: string): Promise<void> {
  const model = await connect(broker.url);
  const channel = await model.createConfirmChannel();
  channel.sendToQueue(queue, Buffer.from('test_message'));
  await channel.waitForConfirms();
  await channel.get(queue, { noAck: true });
  await model.close();
}

/** The five connections with their eight channels, of which one publishes and another consumes until the end. */
async function connectClients(broker: TestBroker) {
  const models: ChannelModel[] = [];
  const open = async (name: string): Promise<ChannelModel> => {
    const model = await connect(broker.url, { clientProperties: { connection_name: name } });
    // One of the requests closes a connection.
    model.on('error', () => {});
    models.push(model);
    return model;
  };
  const [recorder, consumer] = [await open('lab-recorder'), await open('lab-consumer')];
  await publishAll(await recorder.createChannel());
  const second = await recorder.createChannel();
  const { queue } = await second.assertQueue('', { exclusive: true });
  await second.consume(queue, () => {}, { noAck: true, consumerTag: 'excl-tag' });

  const holder = await consumer.createChannel();
  await holder.prefetch(3);
  await holder.consume('rec.classic', () => {}, { consumerTag: 'lab-tag', priority: 7 });
  await consumer.createChannel();
  await consumer.createChannel();

  await (await open('amqpbench-ctl')).createChannel();
  const taker = await (await open('amqpbench-c0')).createChannel();
  await taker.prefetch(50);
  await taker.consume('rec.load', (message) => message && taker.ack(message), { consumerTag: 'c' });
  const giver = await (await open('amqpbench-p0')).createConfirmChannel();
  const load = setInterval(
    () => giver.sendToQueue('rec.load', Buffer.alloc(200), { persistent: true }, () => {}),
    LOAD_EVERY_MS,
  );
  return {
    async close() {
      clearInterval(load);
      await Promise.allSettled(models.map((model) => model.close()));
    },
  };
}

async function publishAll(channel: Channel): Promise<void> {
  for (let i = 0; i < 15; i++) channel.publish('rec.x', 'k1', Buffer.from(`message ${i}`.repeat(3)), propertiesOf(i));
  for (let i = 0; i < 5; i++)
    for (const queue of ['rec.quorum', 'rec.stream'])
      channel.sendToQueue(queue, Buffer.alloc(100), { persistent: true });
  // What was published is there when something later on the channel is answered.
  await channel.checkQueue('rec.classic');
}

function propertiesOf(i: number): Options.Publish {
  return {
    appId: 'rec',
    type: 'ty',
    timestamp: 1_700_000_000,
    messageId: `m${i}`,
    expiration: '3600000',
    replyTo: 'r',
    correlationId: 'c',
    priority: 1,
    persistent: i % 2 === 1,
    headers: { i, list: [1, 'a', { n: null }], t: true },
    contentType: 'text/plain',
  };
}

/** Theirs and ours, percent-encoded. */
async function pairsOfNames(
  ask: (method: string, path: string) => Promise<Json>,
  recorded: (name: string) => Json,
  broker: TestBroker,
): Promise<[string, string][]> {
  const connections = await ask('GET', '/connections');
  const queues = await ask('GET', '/queues');
  const exclusive = (rows: Json[]): Json => rows.find((row) => row.exclusive);
  const keyed = (rows: Json[]): Json => rows.find(({ properties_key: key }) => key.includes('~')).properties_key;
  const { node, listeners } = recorded('overview');
  const amqp = listeners.find(({ protocol }: Json) => protocol === 'amqp').port;
  const pairs: [string, string][] = [
    ...recorded('connections').map(({ name, user_provided_name: connectionName }: Json) => [
      name,
      connections.find((one: Json) => one.user_provided_name === connectionName).name,
    ]),
    [exclusive(recorded('queues')).name, exclusive(queues).name],
    [keyed(recorded('bindings-e-q')), keyed(await ask('GET', '/bindings/%2F/e/rec.x/q/rec.classic'))],
    [node, (await ask('GET', '/overview')).node],
  ];
  return [
    ...pairs.map(([theirs, ours]): [string, string] => [encodeURIComponent(theirs), encodeURIComponent(ours)]),
    [`/${amqp}`, `/${broker.port}`],
  ];
}
