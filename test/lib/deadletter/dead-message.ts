import type { Death, PeekedMessage } from '../../../lib/engine/messages.ts';
import type { TypedTable } from '../../../lib/fields/typed-field.ts';

/** A death with what a test does not care about filled in. */
export function death(about: Partial<Death>): Death {
  return {
    queue: 'orders',
    reason: 'rejected',
    count: 1,
    exchange: 'shop',
    routingKeys: ['order.new'],
    timeSeconds: 1_700_000_000,
    originalExpiration: null,
    ...about,
  };
}

export function deadMessage(about: Partial<PeekedMessage> = {}): PeekedMessage {
  return {
    position: '1',
    redelivered: false,
    arrivedAtMs: 1000,
    expiresAtMs: null,
    exchange: 'dead',
    routingKey: 'orders',
    properties: {},
    deaths: [death({})],
    claimedDeaths: [],
    replays: 0,
    replayHeaded: false,
    bodySize: 2,
    body: 'e30=',
    ...about,
  };
}

export function texts(values: Record<string, string>): TypedTable {
  return Object.entries(values).map(([name, value]) => ({ name, field: { type: 'S', value } }));
}
