/**
 * Why a difference between Warren and a RabbitMQ 3.10 may be none. Each excuse is one rule, says its reason, and covers nothing
 * but what that rule produces.
 */
import { type Alike, areCountsSame, areSame, bySource, consumersOf, type Observation, type Seen } from './seen.ts';
import { connectionOf, type Step } from './step.ts';

export interface Case {
  readonly step: Step;
  readonly ours: Observation;
  readonly theirs: Observation;
  readonly past: Past;
}

/** What an episode remembers for the rules that depend on more than a step. */
export interface Past {
  /** Queues whose dead letters got a routing key of their own at some time. */
  readonly withFixedKey: ReadonlySet<string>;
  /** Queues that were classic once and quorum queues at another time. */
  readonly retyped: ReadonlySet<string>;
  readonly quorum: Observation['quorum'];
  /** The quorum queues before the step. */
  readonly quorumBefore: Observation['quorum'];
}

export interface Excuse {
  readonly name: string;
  readonly reason: string;
  readonly covers: (one: Case) => boolean;
}

/** Versions word one and the same thing in two ways: the states are the same afterwards. */
interface Wording {
  readonly name: string;
  readonly reason: string;
  readonly covers: (ours: Seen, theirs: Seen, past: Past) => boolean;
}

const WORDINGS: readonly Wording[] = [
  {
    name: 'CC of dead letters',
    reason: 'up to 3.12 a dead letter whose queue has x-dead-letter-routing-key lost its CC header, later it keeps it',
    covers: (ours, theirs, { withFixedKey }) =>
      !theirs.text.includes('"CC"') &&
      withoutCount(theirs.text).some((text) => withoutCopies(ours.text).includes(text)) &&
      [...theirs.text.matchAll(/"queue":\{"S":"(\w+)"\}/g)].some(([, queue]) => withFixedKey.has(queue as string)),
  },
  {
    name: 'delivery count of nothing',
    reason: 'up to 3.x the first delivery from a quorum queue says x-delivery-count 0, since 4.0 it says nothing',
    covers: (ours, theirs) => withoutCount(theirs.text).includes(ours.text),
  },
  {
    name: 'consumers of a quorum queue',
    reason: 'a RabbitMQ counts those that hold deliveries of a quorum queue, not those that consume it',
    covers: (ours, theirs, past) => {
      const declared = /^queue.declare-ok .*"queue":"(\w+)".*"consumerCount":(\d+)/.exec(ours.text);
      const [, queue = '', consumers] = declared ?? [];
      const counted = consumersOf(queue, Number(consumers), past);
      return (
        declared !== null && ours.text.replace(/"consumerCount":\d+/, `"consumerCount":${counted}`) === theirs.text
      );
    },
  },
  {
    name: 'the argument that is named',
    reason: 'when several arguments differ from those of a queue of another type, 4.x names x-queue-type, 3.10 any',
    covers: (ours, theirs) =>
      ours.text.includes("406 PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue") &&
      theirs.text.includes('406 PRECONDITION_FAILED - inequivalent arg ') &&
      queueNamed(ours.text) === queueNamed(theirs.text),
  },
  {
    name: 'unbinding nothing',
    reason: 'up to 3.x unbinding what does not exist is an error, since 4.0 it is done',
    covers: (ours, theirs) =>
      ours.text.endsWith('unbind-ok {}') && theirs.text.startsWith('channel closed: 404 NOT_FOUND'),
  },
];

/** The first wording that explains the two, for each of them; `note` is told of its name. */
export function wordedAlike(past: Past, note: (name: string) => void = () => {}): Alike {
  return (ours, theirs) => {
    if (ours.text === theirs.text) return true;
    const rule = WORDINGS.find((wording) => wording.covers(ours, theirs, past));
    if (rule) note(rule.name);
    return rule !== undefined;
  };
}

/** After these the states may differ though nothing shows it yet: the episode ends, and nothing that differs is excused. */
export const UNSEEN: readonly { name: string; reason: string; covers: (one: Case, before: Observation) => boolean }[] =
  [
    {
      name: 'the end of a connection, unseen',
      reason:
        'the channels of a connection that ends are processes: what one gives back to a quorum queue comes before or after another’s, and may go to a consumer of another and come back once more, which x-delivery-count says; of 60 same ends a RabbitMQ counted one in 30, two in 25 and three in 5',
      covers: (one, { quorum }) => {
        const ended = endedBy(one);
        return [...quorum.values()].some(({ shared }) => [...shared].some((connection) => ended.has(connection)));
      },
    },
  ];

/** After these the states may differ: the episode ends. */
export const ENDING: readonly Excuse[] = [
  {
    name: 'a queue of another type',
    reason:
      'a channel of a 3.10 that has got a message from a queue takes one of the other type that has its name now for it, and falls over: its connection ends with INTERNAL_ERROR',
    covers: ({ ours, theirs, past }) =>
      past.retyped.size > 0 &&
      theirs.seen.some(({ text }) => text.startsWith('connection closed: 541 INTERNAL_ERROR')) &&
      !ours.seen.some(isConnectionEnd),
  },
  {
    name: 'the end of a connection, counted',
    reason: 'the same, where it shows at once: only how often a message came back differs',
    covers: (one) => {
      const { ours, theirs, past } = one;
      const ended = endedBy(one);
      const counted = /"x-delivery-count":\{"l":"\d+"\}/;
      const alike: Alike = (our, their) => {
        if (wordedAlike(past)(our, their)) return true;
        const { shared = [] } = past.quorumBefore.get(our.source) ?? {};
        const mayDiffer = [...shared].some((connection) => ended.has(connection));
        return mayDiffer && our.text.replace(counted, '') === their.text.replace(counted, '');
      };
      return areCountsSame(ours, theirs) && areSame(ours.seen, theirs.seen, alike);
    },
  },
  {
    name: 'the end of a connection, at the delivery limit',
    reason:
      'what one channel of a connection that ends gives back to a quorum queue may go to a consumer of another and come back once more, as above: a RabbitMQ then drops it when that was once too often',
    covers: (one) => {
      const { ours, theirs, past } = one;
      const ended = endedBy(one);
      if (!areSame(ours.seen, theirs.seen, wordedAlike(past))) return false;
      for (const [queue, { ready, consumers }] of ours.counts) {
        const their = theirs.counts.get(queue);
        if (their === undefined || their.consumers !== consumersOf(queue, consumers, past)) return false;
        const { shared = [] } = past.quorumBefore.get(queue) ?? {};
        const mayDrop = [...shared].some((connection) => ended.has(connection));
        if (their.ready > ready || (their.ready < ready && !mayDrop)) return false;
      }
      return ended.size > 0;
    },
  },
  {
    name: 'queues side by side',
    reason:
      'each queue of a RabbitMQ is a process: what several of them send to one channel, and what the channel says itself, come in any order',
    covers: ({ ours, theirs, past }) => {
      const [left, right] = [bySource(ours.seen), bySource(theirs.seen)];
      if (!areCountsSame(ours, theirs) || left.size !== right.size) return false;
      for (const [key, seen] of left) if (!areSame(seen, right.get(key) ?? [], wordedAlike(past))) return false;
      return true;
    },
  },
  {
    name: 'consumers of a quorum queue, one after the other',
    reason:
      'what one command of a RabbitMQ’s quorum queue hands out is sent consumer by consumer, not in the order in which it was handed out',
    covers: ({ ours, theirs, past }) => {
      const [left, right] = [byConsumer(ours.seen), byConsumer(theirs.seen)];
      if (!areCountsSame(ours, theirs) || left.size !== right.size) return false;
      for (const [key, seen] of left) if (!areSame(seen, right.get(key) ?? [], wordedAlike(past))) return false;
      const moved = ours.seen.filter((one, index) => one.text !== theirs.seen[index]?.text);
      return moved.every(({ source }) => past.quorum.has(source));
    },
  },
  {
    name: 'first message to a quorum queue',
    reason:
      'a channel of a RabbitMQ must register with a quorum queue before its first message there, and that of a step’s dead letter comes before it; of 300 publishes to both, the dead letter came first in all 150 that were the first of their channel, and last in the others',
    covers: ({ step, ours, theirs, past }) => {
      let overtaken = false;
      const alike: Alike = (our, their) => {
        if (wordedAlike(past)(our, their)) return true;
        if (bodyOf(our) !== bodyOf(their) || isDead(our) === isDead(their)) return false;
        overtaken ||= past.quorum.has(our.source || queueGot(step)) && isDead(their);
        return overtaken;
      };
      return areCountsSame(ours, theirs) && areSame(ours.seen, theirs.seen, alike) && overtaken;
    },
  },
];

/** These hold only when RabbitMQ, given the same steps again, gives Warren's answer at some time. */
export const PROVEN: readonly Excuse[] = [
  {
    name: 'the end of a connection',
    reason:
      'the channels of a connection that ends are processes: what one gives back comes before or after another’s, and may still go to a consumer of another',
    covers: ({ step, theirs }) => step.name === 'drop connection' || theirs.seen.some(isConnectionEnd),
  },
  {
    name: 'acks overtake',
    reason: 'a queue process of a RabbitMQ takes acks before publishes and returns that wait with them',
    covers: ({ step }) => step.name === 'tx.commit',
  },
  {
    name: 'two ways into a queue',
    reason:
      'a message that a channel publishes and a dead letter that another queue makes of the same step come to a queue in any order',
    covers: ({ ours, theirs }) => [...ours.seen, ...theirs.seen].some(isDead),
  },
];

/** The text, and what is left of it without a delivery count of nothing. */
function withoutCount(text: string): string[] {
  const count = '"x-delivery-count":{"l":"0"}';
  return [text, ...[`"headers":{${count}},`, `${count},`, `,${count}`, count].map((part) => text.replace(part, ''))];
}

/** The deliveries of each consumer in their order, whatever the tags. */
function byConsumer(seen: readonly Seen[]): Map<string, Seen[]> {
  const found = new Map<string, Seen[]>();
  for (const one of seen) {
    const [, consumer = ''] = /^basic\.deliver \{"consumerTag":"(\w+)"/.exec(one.text) ?? [];
    const key = `${one.channel} ${consumer}`;
    const others = found.get(key);
    if (others) others.push({ ...one, deliveryTag: null });
    else found.set(key, [{ ...one, deliveryTag: null }]);
  }
  return found;
}

/** The texts that a dead letter may have without its CC header: the newest deaths know nothing of it. */
function withoutCopies(text: string): string[] {
  const [header = '', copies = ''] = /"CC":\[([^\]]*)\],?/.exec(text) ?? [];
  const texts = [text.replace(header, '')];
  const last = () => texts.at(-1) as string;
  for (
    let next = last().replace(`},${copies}]`, '}]');
    copies !== '' && next !== last();
    next = next.replace(`},${copies}]`, '}]')
  )
    texts.push(next);
  return texts;
}

function queueNamed(text: string): string | undefined {
  return / for queue '(\w+)' in vhost /.exec(text)?.[1];
}

/** Connections that the step ended. */
function endedBy({ step, ours }: Case): Set<number> {
  const ended = new Set(ours.seen.filter(isConnectionEnd).map(({ channel }) => connectionOf(channel)));
  if (step.name === 'drop connection') ended.add(connectionOf(step.channel));
  return ended;
}

function isConnectionEnd({ text }: Seen): boolean {
  return text.startsWith('connection closed');
}

function isDead({ text }: Seen): boolean {
  return text.includes('"x-death"');
}

/** Every publish of an episode has a body of its own. */
function bodyOf({ text }: Seen): string | undefined {
  return /^basic\.(?:deliver|get-ok) .*? '([\d. a-z]*)' \{/.exec(text)?.[1];
}

function queueGot(step: Step): string {
  return step.name === 'basic.get' ? `${step.args.queue}` : '';
}
