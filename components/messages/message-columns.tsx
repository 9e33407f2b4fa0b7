import { bodyPreview } from '../../lib/client/body.ts';
import { exchangeLabel, formatBytes, formatSpan } from '../../lib/client/formats.ts';
import type { PeekedMessage } from '../../lib/client/messages.ts';
import { cn } from '../ui/cn.ts';
import type { Column } from '../ui/data-table.tsx';

/** The columns that lists of messages share. */
export function bodyColumn<T extends PeekedMessage>(onOpen: (message: T) => void): Column<T> {
  return {
    key: 'body',
    header: 'Body',
    cell: (message) => {
      const preview = bodyPreview(message.body, message.bodySize);
      return (
        <button
          type="button"
          onClick={() => onOpen(message)}
          aria-label={`Open the message: ${preview.text === '' ? 'empty body' : preview.text.slice(0, 60)}`}
          className={cn(
            'max-w-full truncate rounded-sm text-left font-mono text-xs hover:text-accent',
            (preview.binary || preview.text === '') && 'text-muted',
          )}
        >
          {preview.text === '' ? 'empty' : preview.text}
        </button>
      );
    },
  };
}

export function sizeColumn<T extends PeekedMessage>(): Column<T> {
  return {
    key: 'size',
    header: 'Size',
    align: 'right',
    width: '5rem',
    cell: (message) => formatBytes(message.bodySize),
  };
}

export function ageColumn<T extends PeekedMessage>(nowMs: number): Column<T> {
  return {
    key: 'age',
    header: 'Here for',
    align: 'right',
    width: '5.5rem',
    cell: (message) => formatSpan(nowMs - message.arrivedAtMs),
  };
}

export function addressColumns<T extends PeekedMessage>(): Column<T>[] {
  return [
    {
      key: 'exchange',
      header: 'Exchange',
      width: '9rem',
      cell: (message) => (
        <span className={cn(message.exchange === '' && 'text-muted')}>{exchangeLabel(message.exchange)}</span>
      ),
    },
    {
      key: 'routingKey',
      header: 'Routing key',
      width: '11rem',
      cell: (message) => (
        <span className="font-mono text-xs" title={message.routingKey}>
          {message.routingKey}
        </span>
      ),
    },
  ];
}
