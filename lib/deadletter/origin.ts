/**
 * Where a dead message came from, and how we know. Headers are untrusted input: an origin is only a name until the
 * queue is seen to exist. Nothing is ever guessed; what cannot be told needs a target from the operator.
 */
import type { Death, PeekedMessage } from '../engine/port.ts';
import { findText, REPLAY_HEADERS } from './headers.ts';

export type Evidence =
  | { by: 'operator' }
  | { by: 'earlier-replay' }
  | { by: 'death'; death: Death /** Position in x-death, 0 is the newest. */; index: number };

export type Origin =
  | {
      kind: 'known';
      queue: string;
      exchange: string;
      routingKey: string;
      evidence: Evidence;
      /** The queue of the first death, where it is another one: the message died in several places. */
      firstDeathQueue: string | null;
    }
  | { kind: 'needs-target'; reason: string };

type Addressed = Pick<PeekedMessage, 'exchange' | 'routingKey' | 'properties' | 'deaths'>;

/** The deaths that tell of a failure; the others (expired, maxlen) are mostly stations of a retry loop. */
const FAILURES = new Set(['rejected', 'delivery_limit']);

/**
 * `source` is the queue that holds the message now, `target` a queue the operator chose instead, `exists` tells
 * whether a queue is there in this vhost.
 */
export function resolveOrigin(
  message: Addressed,
  source: string,
  exists: (queue: string) => boolean,
  target?: string,
): Origin {
  const told = tellingDeath(message.deaths);
  const claim = target === undefined ? claimedOrigin(message, told) : operatorOrigin(message, told, target);
  if (claim === null)
    return {
      kind: 'needs-target',
      reason: 'It carries no death history and no headers of an earlier replay: nothing tells where it came from.',
    };
  if (claim.queue === source)
    return {
      kind: 'needs-target',
      reason:
        target === undefined
          ? `It came from this queue itself: ${sentence(claim.evidence)}. Choose another target to move it.`
          : 'The chosen target is the queue that holds it.',
    };
  if (!exists(claim.queue))
    return { kind: 'needs-target', reason: `Queue '${claim.queue}', where it came from, does not exist any more.` };
  const first = message.deaths.at(-1)?.queue;
  return {
    kind: 'known',
    ...claim,
    firstDeathQueue: first !== undefined && first !== claim.queue && target === undefined ? first : null,
  };
}

interface Claim {
  queue: string;
  exchange: string;
  routingKey: string;
  evidence: Evidence;
}

/** The newest failure; else the newest death. */
function tellingDeath(deaths: readonly Death[]): { death: Death; index: number } | undefined {
  const failure = deaths.findIndex((death) => FAILURES.has(death.reason));
  const index = failure === -1 ? 0 : failure;
  const death = deaths[index];
  return death === undefined ? undefined : { death, index };
}

function claimedOrigin(message: Addressed, told: ReturnType<typeof tellingDeath>): Claim | null {
  const headers = message.properties.headers;
  const queue = findText(headers, REPLAY_HEADERS.originalQueue);
  if (queue !== undefined && queue !== '')
    return {
      queue,
      exchange: findText(headers, REPLAY_HEADERS.originalExchange) ?? told?.death.exchange ?? '',
      routingKey: findText(headers, REPLAY_HEADERS.originalRoutingKey) ?? told?.death.routingKeys[0] ?? queue,
      evidence: { by: 'earlier-replay' },
    };
  if (told === undefined || told.death.queue === '') return null;
  return { queue: told.death.queue, ...addressBefore(told.death), evidence: { by: 'death', ...told } };
}

/** The operator names a queue only; the address the message had before its death stays, else the one it has now. */
function operatorOrigin(message: Addressed, told: ReturnType<typeof tellingDeath>, queue: string): Claim {
  const address =
    told === undefined ? { exchange: message.exchange, routingKey: message.routingKey } : addressBefore(told.death);
  return { queue, ...address, evidence: { by: 'operator' } };
}

function addressBefore(death: Death): { exchange: string; routingKey: string } {
  return { exchange: death.exchange, routingKey: death.routingKeys[0] ?? death.queue };
}

/** The evidence as a sentence without its full stop. */
export function sentence(evidence: Evidence): string {
  if (evidence.by === 'operator') return 'you chose this target';
  if (evidence.by === 'earlier-replay')
    return `its header ${REPLAY_HEADERS.originalQueue}, set by an earlier replay, says so`;
  const { death, index } = evidence;
  if (FAILURES.has(death.reason))
    return `the newest failure in x-death (${death.reason}, entry ${index + 1}) happened in '${death.queue}'`;
  return `x-death tells of no failure; its newest entry (${death.reason}) happened in '${death.queue}'`;
}
