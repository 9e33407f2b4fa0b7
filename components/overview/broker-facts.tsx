import { formatBytes, formatCount, formatDateTime, formatSpan, plural } from '../../lib/client/formats.ts';
import type { OverviewPage } from '../../lib/client/overview.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Meter } from '../ui/meter.tsx';
import { Panel } from '../ui/panel.tsx';

/** The node, and how near it is to blocking its publishers. */
export function BrokerFacts({ overview, address }: { overview: OverviewPage['overview']; address: string }) {
  const { totals } = overview;
  return (
    <Panel title="Node" note={overview.node}>
      <div className="mb-3">
        <Meter
          label="Messages"
          value={totals.messageBytes}
          max={totals.messageBytes + overview.messageBytesLeft}
          text={`${formatBytes(totals.messageBytes)} of ${formatBytes(totals.messageBytes + overview.messageBytesLeft)}`}
          help="Publishers are blocked when the disk is nearly full."
        />
      </div>
      <Facts>
        <Fact name="AMQP">
          <span className="flex items-center gap-1">
            <code className="truncate font-mono text-xs">{address}</code>
            <CopyButton text={address} label="Copy the AMQP address" />
          </span>
        </Fact>
        <Fact name="Version">
          Warren {overview.version}, speaks as RabbitMQ {overview.compatibleWith}
        </Fact>
        <Fact name="Cluster">{overview.clusterName}</Fact>
        <Fact name="Up for">
          <span title={`Since ${formatDateTime(overview.startedAtMs)}`}>
            {formatSpan(overview.nowMs - overview.startedAtMs)}
          </span>
        </Fact>
        <Fact name="Process memory">{formatBytes(totals.residentBytes)}</Fact>
        <Fact name="Connections">
          {formatCount(totals.connections)}
          {overview.blockedConnections > 0 && (
            <span className="text-danger"> ({overview.blockedConnections} blocked)</span>
          )}
          , {plural(totals.channels, 'channel')}
        </Fact>
        <Fact name="Objects">
          {plural(totals.queues, 'queue')}, {plural(totals.exchanges, 'exchange')}
        </Fact>
      </Facts>
    </Panel>
  );
}
