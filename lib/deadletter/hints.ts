/**
 * What the headers of a message say of where it came from. Whoever publishes can write them, so a hint is shown to whoever
 * replays and never followed by itself.
 */
import type { PeekedMessage } from '../engine/messages.ts';
import type { TypedTable } from '../fields/typed-field.ts';
import { findField, findText, REPLAY_HEADERS } from './headers.ts';
import { tellingDeath } from './telling-death.ts';

export interface Hint {
  queue: string;
  /** The header that says so. */
  header: string;
}

type Claiming = Pick<PeekedMessage, 'properties' | 'claimedDeaths'>;

const NAME_CHARACTERS_MAX = 255;

/** Headers that may name the queue, the likeliest first; undefined: the header says nothing. */
const SAYINGS: readonly [header: string, read: (message: Claiming, vhost: string) => string | undefined][] = [
  ['x-death', ({ claimedDeaths }) => tellingDeath(claimedDeaths)?.death.queue],
  [REPLAY_HEADERS.originalQueue, ({ properties }) => findText(properties.headers, REPLAY_HEADERS.originalQueue)],
  ['NServiceBus.FailedQ', ({ properties }) => findText(properties.headers, 'NServiceBus.FailedQ')],
  ['rbs2-source-queue', ({ properties }) => findText(properties.headers, 'rbs2-source-queue')],
  ['MT-Fault-InputAddress', massTransitQueue],
  ['rascal', ({ properties }) => rascalQueue(properties.headers)],
  ['x-original-queue', ({ properties }) => findText(properties.headers, 'x-original-queue')],
];

/** The headers that are looked at, for whoever is told that they say nothing. */
export const HINT_HEADERS: readonly string[] = SAYINGS.map(([header]) => header);

/** The first that names a queue other than `source`, which holds the message; null: none does. */
export function hintOf(message: Claiming, vhost: string, source: string): Hint | null {
  for (const [header, read] of SAYINGS) {
    const queue = read(message, vhost);
    if (queue !== undefined && queue !== '' && queue !== source && queue.length <= NAME_CHARACTERS_MAX)
      return { queue, header };
  }
  return null;
}

/** An address such as `rabbitmq://host/vhost/queue`; without a vhost it is the one named `/`. */
function massTransitQueue({ properties }: Claiming, vhost: string): string | undefined {
  const address = URL.parse(findText(properties.headers, 'MT-Fault-InputAddress') ?? '');
  const names = address?.pathname.split('/').filter((part) => part !== '') ?? [];
  const decoded = names.map(decodedName);
  const at = decoded.length > 1 ? decoded[0] : '/';
  return decoded.length > 2 || at !== vhost ? undefined : decoded.at(-1);
}

function decodedName(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function rascalQueue(headers: TypedTable | undefined): string | undefined {
  const field = findField(headers, 'rascal');
  return field?.type === 'F' ? findText(field.value, 'originalQueue') : undefined;
}
