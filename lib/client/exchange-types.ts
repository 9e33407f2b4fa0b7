/** What each type of exchange does with a message, in a sentence. */
export const EXCHANGE_TYPES = [
  { type: 'direct', meaning: 'To the queues bound with exactly the routing key of the message.' },
  { type: 'fanout', meaning: 'To every bound queue; the routing key does not matter.' },
  { type: 'topic', meaning: 'By pattern: words between dots, where * stands for one word and # for any number.' },
  { type: 'headers', meaning: 'By headers: a binding names the headers that must match (x-match all or any).' },
] as const;

export function exchangeTypeMeaning(type: string): string | undefined {
  return EXCHANGE_TYPES.find((entry) => entry.type === type)?.meaning;
}
