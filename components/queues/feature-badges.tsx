import { exchangeLabel } from '../../lib/client/formats.ts';
import { argumentText } from '../../lib/client/queue-arguments.ts';
import type { QueueInfo } from '../../lib/client/queues.ts';
import { Badge } from '../ui/badge.tsx';

type Flags = Pick<
  QueueInfo,
  | 'type'
  | 'durable'
  | 'autoDelete'
  | 'exclusive'
  | 'arguments'
  | 'deadLetterExchange'
  | 'deadLetterRoutingKey'
  | 'policy'
  | 'operatorPolicy'
>;

/** What is special about a queue, each in two or three letters with its meaning at hand. */
export function FeatureBadges({ queue }: { queue: Flags }) {
  return (
    <span className="inline-flex flex-wrap gap-1">
      {features(queue).map(({ text, hint }) => (
        <Badge key={text} hint={hint}>
          {text}
        </Badge>
      ))}
    </span>
  );
}

function features(queue: Flags): { text: string; hint: string }[] {
  const value = (name: string) => {
    const field = queue.arguments.find((entry) => entry.name === name)?.field;
    return field === undefined ? undefined : argumentText(name, field);
  };
  const list: { text: string; hint: string }[] = [];
  const add = (text: string, hint: string | undefined) => {
    if (hint !== undefined) list.push({ text, hint });
  };
  const when = (value: string | undefined, hint: string) => (value === undefined ? undefined : hint);
  add('quorum', queue.type === 'quorum' ? 'Quorum queue: every message is on disk' : undefined);
  add('stream', queue.type === 'stream' ? 'Stream: messages stay, consumers read at their own pace' : undefined);
  add('D', queue.type === 'classic' && queue.durable ? 'Durable: the queue survives a restart' : undefined);
  add('AD', queue.autoDelete ? 'Auto-delete: goes when its last consumer goes' : undefined);
  add('Excl', queue.exclusive ? 'Exclusive: belongs to one connection and goes with it' : undefined);
  const ttl = value('x-message-ttl');
  add('TTL', when(ttl, `Messages expire after ${ttl}`));
  const expires = value('x-expires');
  add('Exp', when(expires, `The queue deletes itself after ${expires} without use`));
  const limits = [
    ['x-max-length', 'messages'],
    ['x-max-length-bytes', 'bytes'],
  ].flatMap(([name, unit]) => (value(name as string) === undefined ? [] : `${value(name as string)} ${unit}`));
  const overflow = queue.type === 'stream' ? 'the oldest go' : `overflow ${value('x-overflow') ?? 'drop-head'}`;
  add('Lim', when(limits[0], `At most ${limits.join(' and ')}; ${overflow}`));
  const age = value('x-max-age');
  add('Age', when(age, `Messages older than ${age} go`));
  const attempts = value('x-delivery-limit');
  add('DL', when(attempts, `A message may come back ${attempts === '-1' ? 'for ever' : `${attempts} times`}`));
  if (queue.deadLetterExchange !== null) {
    const key = queue.deadLetterRoutingKey === null ? 'their own routing key' : `key '${queue.deadLetterRoutingKey}'`;
    add('DLX', `Dead letters go to exchange ${exchangeLabel(queue.deadLetterExchange)} with ${key}`);
  }
  const priority = value('x-max-priority');
  add('Pri', when(priority, `Priorities 0 to ${priority}`));
  const single = value('x-single-active-consumer');
  add('SAC', single === 'true' ? 'Single active consumer' : undefined);
  const policies = [queue.policy, queue.operatorPolicy].filter((name) => name !== null);
  add('Pol', policies.length === 0 ? undefined : `Policy: ${policies.join(' and ')}`);
  return list;
}
