/** The types of exchange that there are, and what makes one of each. */
import { AmqpError } from '../../amqp/reply-code.ts';
import { ConsistentHashType } from './consistent-hash.ts';
import { DelayedMessageType, readDelayedType } from './delayed-message.ts';
import { DirectType } from './direct.ts';
import type { ExchangeIdentity, ExchangeSurroundings } from './exchange-surroundings.ts';
import type { ExchangeType, ExchangeTypeName } from './exchange-type.ts';
import { FanoutType } from './fanout.ts';
import { HeadersType } from './headers.ts';
import { MessageDeduplicationType } from './message-deduplication.ts';
import { ModulusHashType } from './modulus-hash.ts';
import { LocalRandomType, RandomType } from './random.ts';
import { RecentHistoryType } from './recent-history.ts';
import { TopicType } from './topic.ts';

type Maker = (identity: ExchangeIdentity, surroundings: ExchangeSurroundings) => ExchangeType;

const MAKERS: Readonly<Record<ExchangeTypeName, Maker>> = {
  direct: () => new DirectType(),
  fanout: () => new FanoutType(),
  topic: () => new TopicType(),
  headers: () => new HeadersType(),
  'x-local-random': () => new LocalRandomType(),
  'x-random': () => new RandomType(),
  'x-modulus-hash': () => new ModulusHashType(),
  'x-consistent-hash': (identity) => new ConsistentHashType(identity),
  'x-recent-history': (identity, surroundings) => new RecentHistoryType(identity, surroundings),
  'x-message-deduplication': (identity, surroundings) => new MessageDeduplicationType(identity, surroundings),
  'x-delayed-message': (identity, surroundings) => {
    const type = knownType(readDelayedType(identity.arguments));
    const inner = makeExchangeType(type, { ...identity, id: `${identity.id}-inner` }, surroundings);
    return new DelayedMessageType(identity, surroundings, inner);
  },
};

export const EXCHANGE_TYPE_NAMES = Object.keys(MAKERS) as ExchangeTypeName[];

/** The name, when there is such a type; throws PRECONDITION_FAILED when there is none. */
export function knownType(name: string): ExchangeTypeName {
  if (Object.hasOwn(MAKERS, name)) return name as ExchangeTypeName;
  throw new AmqpError('PRECONDITION_FAILED', `unknown exchange type '${name}'`);
}

/**
 * Throws PRECONDITION_FAILED for arguments that the type cannot have. What the exchange had kept under its id is there
 * again.
 */
export function makeExchangeType(
  type: ExchangeTypeName,
  identity: ExchangeIdentity,
  surroundings: ExchangeSurroundings,
): ExchangeType {
  return MAKERS[type](identity, surroundings);
}
