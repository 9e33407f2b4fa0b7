import { bodyPreview } from '../../lib/client/body.ts';
import { exchangeLabel, formatBytes, formatSpan } from '../../lib/client/formats.ts';
import type { PeekedMessage } from '../../lib/client/messages.ts';
import type { Column } from '../kit/columns.ts';
import { Badge } from '../ui/badge.tsx';
import { cn } from '../ui/cn.ts';

/** The columns that lists of messages share. */
export const BODY_COLUMN: Column<PeekedMessage, never> = {
  key: 'body',
  header: 'Body',
  minWidth: 15,
  cell: (message, { open }) => {
    const preview = bodyPreview(message.body, message.bodySize);
    const look = cn(
      'max-w-full truncate rounded-sm text-left font-mono text-xs',
      (preview.binary || preview.text === '') && 'text-muted',
    );
    const text = preview.text === '' ? 'empty' : preview.text;
    if (open === undefined) return <span className={look}>{text}</span>;
    return (
      <button
        type="button"
        onClick={open}
        aria-label={`Open the message: ${preview.text === '' ? 'empty body' : preview.text.slice(0, 60)}`}
        className={cn(look, 'hover:text-accent')}
      >
        {text}
      </button>
    );
  },
};

export const AGE_COLUMN: Column<PeekedMessage, never> = {
  key: 'age',
  wide: true,
  header: 'Here for',
  align: 'right',
  width: 5.5,
  optional: true,
  cell: (message, { nowMs }) => formatSpan(nowMs - message.arrivedAtMs),
};

/** Of messages that are ready in a queue. */
export const MESSAGE_COLUMNS: readonly Column<PeekedMessage, never>[] = [
  BODY_COLUMN,
  {
    key: 'exchange',
    wide: true,
    header: 'Exchange',
    width: 9,
    optional: true,
    cell: (message) => (
      <span className={cn(message.exchange === '' && 'text-muted')}>{exchangeLabel(message.exchange)}</span>
    ),
  },
  {
    key: 'routingKey',
    wide: true,
    header: 'Routing key',
    width: 11,
    optional: true,
    cell: (message) => (
      <span className="font-mono text-xs" title={message.routingKey}>
        {message.routingKey}
      </span>
    ),
  },
  {
    key: 'marks',
    wide: true,
    header: 'Marks',
    width: 8,
    optional: true,
    cell: (message) => <Marks message={message} />,
  },
  {
    key: 'size',
    wide: true,
    header: 'Size',
    align: 'right',
    width: 5,
    optional: true,
    cell: (message) => formatBytes(message.bodySize),
  },
  AGE_COLUMN,
];

function Marks({ message }: { message: PeekedMessage }) {
  return (
    <span className="inline-flex gap-1">
      {message.redelivered && (
        <Badge tone="warn" hint="It was delivered before and came back">
          again
        </Badge>
      )}
      {message.deaths.length > 0 && (
        <Badge
          tone="danger"
          hint={`It has died: ${message.deaths.map((death) => `${death.reason} in ${death.queue}`).join(', ')}`}
        >
          died
        </Badge>
      )}
      {message.properties.deliveryMode === 2 && <Badge hint="Persistent">P</Badge>}
    </span>
  );
}
