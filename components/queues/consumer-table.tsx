import { Users } from 'lucide-react';
import { formatCount } from '../../lib/client/formats.ts';
import type { ConsumerInfo } from '../../lib/client/queues.ts';
import type { Column } from '../kit/columns.ts';
import { Table } from '../kit/table.tsx';
import { Badge } from '../ui/badge.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

const COLUMNS: readonly Column<ConsumerInfo>[] = [
  {
    key: 'tag',
    header: 'Consumer tag',
    cell: (consumer) => (
      <span className="font-mono text-xs" title={consumer.consumerTag}>
        {consumer.consumerTag}
      </span>
    ),
  },
  {
    key: 'connection',
    header: 'Connection',
    cell: (consumer) => (
      <span title={consumer.channel}>
        {consumer.connectionName !== null && <span className="font-medium">{consumer.connectionName} </span>}
        <span className="font-mono text-muted text-xs">{consumer.channel}</span>
      </span>
    ),
  },
  { key: 'user', header: 'User', width: 7, cell: (consumer) => consumer.user },
  {
    key: 'mode',
    header: 'Mode',
    width: 11,
    cell: (consumer) => (
      <span className="inline-flex gap-1">
        <Badge
          hint={
            consumer.ackRequired
              ? 'The consumer acknowledges each message'
              : 'Messages count as done when they are sent'
          }
        >
          {consumer.ackRequired ? 'ack' : 'auto-ack'}
        </Badge>
        {consumer.exclusive && <Badge hint="No other consumer may join">exclusive</Badge>}
        {!consumer.active && <Badge hint="Another consumer is the single active one">waiting</Badge>}
        {consumer.priority !== 0 && (
          <Badge hint="Consumers with a higher priority are served first">{`priority ${consumer.priority}`}</Badge>
        )}
      </span>
    ),
  },
  {
    key: 'prefetch',
    header: 'Prefetch',
    hint: 'How many unacked messages it may hold',
    align: 'right',
    width: 5.5,
    cell: (consumer) => (consumer.prefetch === 0 ? '∞' : formatCount(consumer.prefetch)),
  },
  {
    key: 'unacked',
    header: 'Unacked',
    align: 'right',
    width: 6,
    cell: (consumer) => {
      const full = consumer.prefetch > 0 && consumer.unacked >= consumer.prefetch;
      return (
        <span
          className={full ? 'font-medium text-warn' : undefined}
          title={full ? 'It holds all it may: it gets nothing more before it acknowledges' : undefined}
        >
          {formatCount(consumer.unacked)}
        </span>
      );
    },
  },
];

/** The column of offsets, only where consumers read at offsets of their own. */
const OFFSET_COLUMN: Column<ConsumerInfo> = {
  key: 'offset',
  header: 'Next offset',
  hint: 'Of the message that it gets next',
  align: 'right',
  width: 7,
  cell: (consumer) => (consumer.offset === null ? '' : formatCount(consumer.offset)),
};

/** Who takes messages from a queue. */
export function ConsumerTable({ consumers, ready }: { consumers: readonly ConsumerInfo[]; ready: number }) {
  return (
    <Table
      label="Consumers"
      columns={consumers.some(({ offset }) => offset !== null) ? [...COLUMNS, OFFSET_COLUMN] : COLUMNS}
      rows={consumers}
      rowKey={(consumer) => `${consumer.channel}\0${consumer.consumerTag}`}
      empty={
        <EmptyState icon={Users} title="No consumers">
          {ready > 0
            ? `${formatCount(ready)} messages wait until a program consumes from this queue.`
            : 'A program consumes with basic.consume.'}
        </EmptyState>
      }
    />
  );
}
