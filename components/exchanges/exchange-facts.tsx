import { exchangeTypeMeaning } from '../../lib/client/exchange-types.ts';
import type { ExchangeDetail } from '../../lib/client/exchanges.ts';
import { fieldText } from '../../lib/client/fields.ts';
import { formatCount } from '../../lib/client/formats.ts';
import { PolicyFacts } from '../policies/policy-facts.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { keyed } from '../ui/keyed.ts';
import { Panel } from '../ui/panel.tsx';

export function ExchangeFacts({ exchange }: { exchange: ExchangeDetail }) {
  const { counters } = exchange;
  return (
    <Panel title="Facts">
      <Facts>
        <Fact name="Vhost">{exchange.vhost}</Fact>
        <Fact name="Type">
          {exchange.type}
          <span className="block text-muted text-xs">
            {exchange.name === ''
              ? 'To the queue whose name is the routing key; every queue is bound to it.'
              : exchangeTypeMeaning(exchange.type)}
          </span>
        </Fact>
        <Fact name="Survives a restart">{exchange.durable ? 'yes (durable)' : 'no (transient)'}</Fact>
        {exchange.autoDelete && <Fact name="Auto-delete">goes when its last binding goes</Fact>}
        {exchange.internal && <Fact name="Internal">only exchanges publish to it</Fact>}
        {keyed(exchange.arguments, ({ name }) => name).map(({ key, item: { name, field } }) => (
          <Fact key={key} name={<span className="break-all font-mono text-xs">{name}</span>}>
            <span className="font-mono text-xs">{fieldText(field)}</span>
          </Fact>
        ))}
        <PolicyFacts of={exchange} />
        {exchange.messagesDelayed !== null && (
          <Fact name="Delayed now">
            {formatCount(exchange.messagesDelayed)} <span className="text-muted">wait here until they are due</span>
          </Fact>
        )}
        <Fact name="Came in">
          {formatCount(counters.published)} <span className="text-muted">since the broker started</span>
        </Fact>
        <Fact name="Copies to queues">{formatCount(counters.routed)}</Fact>
        <Fact name="Unroutable">
          <span className={counters.unroutable > 0 ? 'font-medium text-warn' : undefined}>
            {formatCount(counters.unroutable)}
          </span>
        </Fact>
      </Facts>
    </Panel>
  );
}
