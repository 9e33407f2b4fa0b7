/** The engine that the contract is being asked of, and what its tests do with it again and again. */
import type { Capabilities, CapabilityName } from '../../lib/engine/capabilities.ts';
import { engineErrorCode } from '../../lib/engine/errors.ts';
import type { ListedQueue } from '../../lib/engine/lists.ts';
import type { PeekedMessage } from '../../lib/engine/messages.ts';
import type { Engine } from '../../lib/engine/port.ts';
import { apiUser } from '../lib/engine/api-user.ts';

export interface EngineAdapter {
  capabilities: Capabilities;
  /** With the user guest, an administrator who may do everything in the vhost `/`, and nothing else. */
  start(): Promise<{ engine: Engine; stop(): Promise<void> }>;
}

/** A test of what a capability has to be; elsewhere it is skipped, and its name says why. */
export type TestWhere = <N extends CapabilityName>(
  capability: N,
  kinds: readonly Capabilities[N]['kind'][],
  rule: string,
  run: () => Promise<void>,
) => void;

export const guest = apiUser('guest');
/** A broker that is asked now and then shows what happened within this time. */
export const PATIENCE = { timeout: 15_000, interval: 50 };

export let engine: Engine;
let stop: () => Promise<void>;
let named = 0;

export const name = (kind: string): string => `${kind}-${++named}`;

export async function queue(args: Parameters<Engine['declareQueue']>[1]['arguments'] = []): Promise<string> {
  const declaration = { vhost: '/', name: name('queue'), durable: true, autoDelete: false, arguments: args };
  return (await engine.declareQueue(guest, declaration)).name;
}

export async function exchange(type: string): Promise<string> {
  const declared = { vhost: '/', name: name('exchange'), type, durable: true, autoDelete: false, internal: false };
  await engine.declareExchange(guest, { ...declared, arguments: [] });
  return declared.name;
}

export function publish(routingKey: string, body = 'body', more: Partial<Parameters<Engine['publish']>[1]> = {}) {
  const properties = { deliveryMode: 2 };
  const encoded = Buffer.from(body).toString('base64');
  return engine.publish(guest, { vhost: '/', exchange: '', routingKey, properties, body: encoded, ...more });
}

export async function peek(of: string, more: Partial<Parameters<Engine['peek']>[1]> = {}): Promise<PeekedMessage[]> {
  return (await engine.peek(guest, { vhost: '/', queue: of, limit: 100, bodyBytesMax: 1000, ...more })).messages;
}

/** The queue's row in a list. */
export async function listed(of: string): Promise<ListedQueue | undefined> {
  const question = {
    vhost: '/',
    text: of,
    state: 'all',
    sort: 'name',
    descending: false,
    offset: 0,
    limit: 10,
  } as const;
  return (await engine.lists.queues(guest, question)).rows.find((row) => row.name === of);
}

export const textOf = ({ body }: PeekedMessage): string => Buffer.from(body, 'base64').toString();
export const codeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'done', engineErrorCode);

export async function startEngine(adapter: EngineAdapter): Promise<void> {
  ({ engine, stop } = await adapter.start());
}

export function stopEngine(): Promise<void> {
  return stop();
}
