import { timestampText } from '../../lib/client/fields.ts';
import type { MessageProperties } from '../../lib/client/messages.ts';
import { Fact, Facts } from '../ui/facts.tsx';

const LABELS: readonly [keyof Omit<MessageProperties, 'headers'>, string][] = [
  ['contentType', 'content-type'],
  ['contentEncoding', 'content-encoding'],
  ['deliveryMode', 'delivery-mode'],
  ['priority', 'priority'],
  ['correlationId', 'correlation-id'],
  ['replyTo', 'reply-to'],
  ['expiration', 'expiration'],
  ['messageId', 'message-id'],
  ['timestamp', 'timestamp'],
  ['type', 'type'],
  ['userId', 'user-id'],
  ['appId', 'app-id'],
  ['clusterId', 'cluster-id'],
];

/** The properties that are set. */
export function PropertyList({ properties }: { properties: MessageProperties }) {
  const set = LABELS.filter(([key]) => properties[key] !== undefined);
  if (set.length === 0) return <p className="text-muted">No properties are set.</p>;
  return (
    <Facts>
      {set.map(([key, label]) => (
        <Fact key={key} name={label}>
          <span className="font-mono text-xs">{propertyText(key, properties[key] as string | number)}</span>
        </Fact>
      ))}
    </Facts>
  );
}

function propertyText(key: string, value: string | number): string {
  if (key === 'deliveryMode') return value === 2 ? '2 (persistent)' : `${value} (transient)`;
  if (key === 'timestamp') return timestampText(String(value));
  if (key === 'expiration') return `${value} ms`;
  return String(value);
}
