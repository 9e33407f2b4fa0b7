import { formatBytes, formatCount, formatDateTime, formatSpan, plural } from '../../lib/client/formats.ts';
import type { OverviewPage } from '../../lib/client/overview.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Meter } from '../ui/meter.tsx';
import { Panel } from '../ui/panel.tsx';

/** The broker, and for those who watch the node how near it is to blocking its publishers. */
export function BrokerFacts({ page: { broker, figures, node }, address }: { page: OverviewPage; address: string }) {
  return (
    <Panel title="Node" note={broker.node}>
      {node !== null && (
        <div className="mb-3">
          <Meter
            label="Messages"
            value={node.messageBytes}
            max={node.messageBytes + node.messageBytesLeft}
            text={`${formatBytes(node.messageBytes)} of ${formatBytes(node.messageBytes + node.messageBytesLeft)}`}
            help="Publishers are blocked when the disk is nearly full."
          />
        </div>
      )}
      <Facts>
        <Fact name="AMQP">
          <span className="flex items-center gap-1">
            <code className="truncate font-mono text-xs">{address}</code>
            <CopyButton text={address} label="Copy the AMQP address" />
          </span>
        </Fact>
        <Fact name="Version">
          Warren {broker.version}, speaks as RabbitMQ {broker.compatibleWith}
        </Fact>
        <Fact name="Cluster">{broker.clusterName}</Fact>
        <Fact name="Up for">
          <span title={`Since ${formatDateTime(broker.startedAtMs)}`}>
            {formatSpan(figures.atMs - broker.startedAtMs)}
          </span>
        </Fact>
        {node !== null && <Fact name="Process memory">{formatBytes(node.residentBytes)}</Fact>}
        <Fact name={figures.clients === 'all' ? 'Connections' : 'Your connections'}>
          {formatCount(figures.connections)}
          {node !== null && node.blockedConnections > 0 && (
            <span className="text-danger"> ({node.blockedConnections} blocked)</span>
          )}
          , {plural(figures.channels, 'channel')}
        </Fact>
        <Fact name="Objects">
          {plural(figures.queues, 'queue')}, {plural(figures.exchanges, 'exchange')}
        </Fact>
      </Facts>
    </Panel>
  );
}
