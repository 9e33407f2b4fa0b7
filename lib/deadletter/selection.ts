/**
 * The messages that somebody means, in batches. Bounded: only what was there at the beginning, so that messages which
 * fail again and come back are not met again.
 */

import type { Actor } from '../engine/actor.ts';
import { engineErrorCode } from '../engine/errors.ts';
import type { MessageFilter, PeekedMessage } from '../engine/messages.ts';
import type { EngineCommands } from '../engine/port.ts';

const BATCH = 500;
/** Single messages are asked for so many at a time. */
const POSITIONS_AT_ONCE = 50;

export interface Selection {
  vhost: string;
  queue: string;
  /** The messages at these positions; absent: all that are there. */
  positions?: readonly string[] | undefined;
  /** Of all messages, only those that match. */
  filter?: MessageFilter | undefined;
}

export interface Batch {
  messages: PeekedMessage[];
  /** Messages that were asked for by their positions, and are not there. */
  gone: number;
  /** How many there may be at most, in all batches. */
  bound: number;
  isLast: boolean;
}

/** `beganAtMs`, by the broker's clock: what arrived later is not meant. */
export function selected(
  engine: EngineCommands,
  actor: Actor,
  selection: Selection,
  beganAtMs: number,
): AsyncGenerator<Batch> {
  const { positions } = selection;
  return positions === undefined
    ? everything(engine, actor, selection, beganAtMs)
    : those(engine, actor, selection, [...new Set(positions)]);
}

async function* everything(
  engine: EngineCommands,
  actor: Actor,
  { vhost, queue, filter }: Selection,
  beganAtMs: number,
): AsyncGenerator<Batch> {
  let bound = -1;
  let met = 0;
  let from: string | undefined;
  for (;;) {
    const page = await engine.peek(actor, {
      ...{ vhost, queue, limit: BATCH, bodyBytesMax: 0 },
      ...(from !== undefined && { from }),
      ...(filter !== undefined && { filter }),
    });
    if (bound === -1) bound = page.ready;
    const messages = page.messages.filter(({ arrivedAtMs }) => arrivedAtMs <= beganAtMs).slice(0, bound - met);
    met += messages.length;
    // A page of nothing but newcomers: what was there has been seen, and newcomers may never end.
    const isPast = page.messages.length > 0 && messages.length === 0;
    const isLast = page.next === null || met >= bound || isPast;
    yield { messages, gone: 0, bound, isLast };
    if (isLast) return;
    from = page.next ?? undefined;
  }
}

async function* those(
  engine: EngineCommands,
  actor: Actor,
  { vhost, queue }: Selection,
  positions: string[],
): AsyncGenerator<Batch> {
  for (let at = 0; at < positions.length; at += POSITIONS_AT_ONCE) {
    const asked = positions.slice(at, at + POSITIONS_AT_ONCE);
    const found = await Promise.all(asked.map((position) => messageAt(engine, actor, { vhost, queue, position })));
    const messages = found.filter((message) => message !== undefined);
    const isLast = at + POSITIONS_AT_ONCE >= positions.length;
    yield { messages, gone: asked.length - messages.length, bound: positions.length, isLast };
  }
}

async function messageAt(
  engine: EngineCommands,
  actor: Actor,
  { vhost, queue, position }: { vhost: string; queue: string; position: string },
): Promise<PeekedMessage | undefined> {
  try {
    const page = await engine.peek(actor, { vhost, queue, from: position, limit: 1, bodyBytesMax: 0 });
    return page.messages.find((message) => message.position === position);
  } catch (error) {
    // A position of another queue, or of before the broker was started.
    if (engineErrorCode(error) === 'INVALID_REQUEST') return undefined;
    throw error;
  }
}
