/** The types of exchange as the API lists them. */
import type { Overview } from '../engine/node.ts';
import type { ExchangeType } from './schema/exchange.ts';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'x-local-random': 'Picks one random local binding (queue) to route via (to).',
  'x-random': 'AMQP random exchange. Like a direct exchange, but randomly chooses who to route to.',
  'x-modulus-hash': 'Modulus Hashing Exchange',
  'x-consistent-hash': 'Consistent Hashing Exchange',
  'x-recent-history': 'Recent History Exchange.',
  'x-message-deduplication': 'Message Deduplication Exchange',
  'x-delayed-message': 'Delayed Message Exchange.',
};

export function exchangeTypes({ exchangeTypes: names }: Overview): ExchangeType[] {
  return names.map((name) => ({
    name,
    description: DESCRIPTIONS[name] ?? `AMQP ${name} exchange, as per the AMQP specification`,
    enabled: true,
  }));
}
