import { Trash2 } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { type BindingInfo, bindingKey } from '../../lib/client/bindings.ts';
import { tableText } from '../../lib/client/fields.ts';
import { exchangeLabel } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import type { Column } from '../kit/columns.ts';
import { Table } from '../kit/table.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';

/** Bindings seen from one of their ends: the column names the other one. */
export function BindingTable({
  label,
  bindings,
  otherEnd,
  question,
  rowsOutlast,
  empty,
  onRemove,
}: {
  label: string;
  bindings: readonly BindingInfo[];
  otherEnd: 'source' | 'destination';
  /** What the rows answer, for DataTable. */
  question: string | null;
  rowsOutlast: boolean;
  /** What to say when there are none. */
  empty: ReactNode;
  onRemove?: (binding: BindingInfo) => void;
}) {
  const columns: Column<BindingInfo>[] = [
    {
      key: 'end',
      header: otherEnd === 'source' ? 'From exchange' : 'To',
      cell: (binding) =>
        otherEnd === 'source' ? <SourceLink binding={binding} /> : <DestinationLink binding={binding} />,
    },
    {
      key: 'routingKey',
      header: 'Routing key',
      cell: ({ routingKey }) => (
        <span className="font-mono text-xs">
          {routingKey === '' ? <span className="text-faint">''</span> : routingKey}
        </span>
      ),
    },
    {
      key: 'arguments',
      header: 'Arguments',
      cell: (binding) =>
        binding.arguments.length === 0 ? (
          <span className="text-faint">none</span>
        ) : (
          <span className="font-mono text-xs" title={tableText(binding.arguments)}>
            {tableText(binding.arguments)}
          </span>
        ),
    },
    ...(onRemove === undefined
      ? []
      : [
          {
            key: 'remove',
            header: <span className="sr-only">Remove</span>,
            align: 'right' as const,
            width: 3.5,
            cell: (binding: BindingInfo) => (
              <Button
                kind="quiet"
                size="icon"
                className="h-6"
                aria-label={`Remove the binding from ${exchangeLabel(binding.source)} to ${binding.destination} with key ${binding.routingKey}`}
                onClick={() => onRemove(binding)}
              >
                <Trash2 aria-hidden />
              </Button>
            ),
          },
        ]),
  ];
  return (
    <Table
      label={label}
      columns={columns}
      rows={bindings}
      rowKey={bindingKey}
      question={question}
      rowsOutlast={rowsOutlast}
      empty={<p className="p-3 text-muted">{empty}</p>}
    />
  );
}

const linkStyle = 'font-medium hover:text-accent hover:underline';

function SourceLink({ binding: { vhost, source } }: { binding: BindingInfo }) {
  return (
    <Link href={paths.exchange(vhost, source)} className={linkStyle}>
      {exchangeLabel(source)}
    </Link>
  );
}

function DestinationLink({ binding: { vhost, destination, destinationType } }: { binding: BindingInfo }) {
  const href = destinationType === 'queue' ? paths.queue(vhost, destination) : paths.exchange(vhost, destination);
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      <Badge>{destinationType}</Badge>
      <Link href={href} className={`truncate ${linkStyle}`}>
        {destination}
      </Link>
    </span>
  );
}
