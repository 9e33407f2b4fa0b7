import type { ExchangeRow } from '../../lib/client/exchanges.ts';
import { textArgument } from '../../lib/client/fields.ts';
import { Badge } from '../ui/badge.tsx';

export function ExchangeBadges({ exchange }: { exchange: Omit<ExchangeRow, 'rates'> }) {
  const alternate = textArgument(exchange.arguments, 'alternate-exchange');
  return (
    <span className="inline-flex flex-wrap gap-1">
      {exchange.durable && <Badge hint="Durable: survives a restart">D</Badge>}
      {exchange.autoDelete && <Badge hint="Auto-delete: goes when its last binding goes">AD</Badge>}
      {exchange.internal && <Badge hint="Internal: only other exchanges can publish to it">I</Badge>}
      {alternate !== null && <Badge hint={`What it cannot route goes to exchange ${alternate}`}>AE</Badge>}
      {exchange.predeclared && <Badge hint="Made by the broker; cannot be deleted">built in</Badge>}
    </span>
  );
}
