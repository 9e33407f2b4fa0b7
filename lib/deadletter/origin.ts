/**
 * Where a dead message came from, and how that is known. The broker's own record of its deaths decides. What headers
 * say is a hint for whoever replays; without a record the message needs a target that somebody chose.
 */
import type { Death, PeekedMessage } from '../engine/messages.ts';
import { HINT_HEADERS, type Hint, hintOf } from './hints.ts';
import { isFailure, tellingDeath } from './telling-death.ts';

export type Evidence =
  | { by: 'operator' }
  | { by: 'death'; death: Death /** Position in x-death, 0 is the newest. */; index: number };

/** A queue, and the address that the message gets there. */
export interface KnownOrigin {
  kind: 'known';
  queue: string;
  exchange: string;
  routingKey: string;
  evidence: Evidence;
  /** What the broker recorded of the message, whatever was chosen; null: nothing. */
  recorded: { queue: string; exchange: string; routingKey: string } | null;
  /** The queue of the first death, where it is another one: the message died in several places. */
  firstDeathQueue: string | null;
}

export type Origin = KnownOrigin | { kind: 'needs-target'; reason: string; hint: Hint | null };

type Addressed = Pick<PeekedMessage, 'exchange' | 'routingKey' | 'properties' | 'deaths' | 'claimedDeaths'>;

/** Which queue holds the message now. */
export interface Source {
  vhost: string;
  queue: string;
}

/** `target`: a queue that the operator chose, whatever is known. Whether the queue is there is another question. */
export function resolveOrigin(message: Addressed, source: Source, target?: string): Origin {
  const recordedDeath = tellingDeath(message.deaths);
  const recorded =
    recordedDeath === undefined ? null : { queue: recordedDeath.death.queue, ...addressBefore(recordedDeath.death) };
  if (target === source.queue) return needsTarget('The chosen target is the queue that holds it.');
  if (target !== undefined) {
    // Without a record nobody knows another address than the one it has.
    const { exchange, routingKey } = recorded ?? message;
    const evidence: Evidence = { by: 'operator' };
    return { kind: 'known', queue: target, exchange, routingKey, evidence, recorded, firstDeathQueue: null };
  }
  if (recordedDeath === undefined || recorded === null) return withoutRecord(message, source);
  const evidence: Evidence = { by: 'death', ...recordedDeath };
  if (recorded.queue === source.queue)
    return needsTarget(`It came from this queue itself: ${sentence(evidence)}. Choose another target to move it.`);
  const first = message.deaths.at(-1)?.queue;
  const firstDeathQueue = first !== undefined && first !== recorded.queue ? first : null;
  return { kind: 'known', ...recorded, evidence, recorded, firstDeathQueue };
}

function withoutRecord(message: Addressed, source: Source): Origin {
  const hint = hintOf(message, source.vhost, source.queue);
  const unseen = 'The broker has no record that it died: a program published it here, or it was moved here.';
  if (hint === null)
    return needsTarget(
      `${unseen} The headers that might name its queue (${HINT_HEADERS.join(', ')}) name none either.`,
    );
  return needsTarget(
    `${unseen} Its header ${hint.header} says '${hint.queue}', but anybody can write headers: choose the target yourself.`,
    hint,
  );
}

function needsTarget(reason: string, hint: Hint | null = null): Origin {
  return { kind: 'needs-target', reason, hint };
}

function addressBefore({ exchange, routingKeys, queue }: Death): { exchange: string; routingKey: string } {
  return { exchange, routingKey: routingKeys[0] ?? queue };
}

/** The evidence as a sentence without its full stop. */
export function sentence(evidence: Evidence): string {
  if (evidence.by === 'operator') return 'you chose this target';
  const { death, index } = evidence;
  if (isFailure(death))
    return `the newest failure in x-death (${death.reason}, entry ${index + 1}), as the broker recorded it, happened in '${death.queue}'`;
  return `the broker recorded no failure; the newest death in x-death (${death.reason}) happened in '${death.queue}'`;
}
