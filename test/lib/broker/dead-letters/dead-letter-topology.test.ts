import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldTable } from '../../../../lib/amqp/field-table.ts';
import { DeadLetterTopology } from '../../../../lib/broker/dead-letters/dead-letter-topology.ts';
import { LIMITS } from '../../../../lib/broker/limits.ts';
import type { Queue } from '../../../../lib/broker/queues/queue.ts';
import { BrokerFixture, text } from '../broker-fixture.ts';

const QUEUES = ['q0', 'q1', 'q2'];
const EXCHANGES = ['e0', 'e1'];
const KEYS = ['', 'q0', 'a.b'];
const PATTERNS = [...KEYS, '#', 'a.*'];
const BY_KEY = ['direct', 'fanout', 'topic', 'x-recent-history'];
const BY_MORE = ['headers', 'x-random', 'x-consistent-hash'];
const ANYHOW = { unused: false, empty: false };

type Step = (fixture: BrokerFixture) => unknown;

/** Does a step; one that cannot be done (it is there, it is not there, it is not allowed) changes nothing. */
function attempt(fixture: BrokerFixture, step: Step): void {
  try {
    step(fixture);
  } catch {}
}

const dlxArguments = (exchange: string | null, key: string | null): FieldTable => [
  ...(exchange === null ? [] : text('x-dead-letter-exchange', exchange)),
  ...(exchange === null || key === null ? [] : text('x-dead-letter-routing-key', key)),
];

const queueName = fc.constantFrom(...QUEUES);
const exchangeName = fc.constantFrom(...EXCHANGES);
const optionally = <T>(of: fc.Arbitrary<T>) => fc.option(of, { freq: 2 });
const anyDlx = fc.constantFrom('', 'amq.direct', 'amq.fanout', ...EXCHANGES);

const declareQueue = fc.tuple(queueName, optionally(anyDlx), optionally(fc.constantFrom(...KEYS))).map(
  ([name, dlx, key]): Step =>
    (fixture) =>
      fixture.queue(name, { arguments: dlxArguments(dlx, key) }),
);
const deleteQueue = queueName.map(
  (name): Step =>
    ({ broker, session }) =>
      broker.topology.deleteQueue(session, name, ANYHOW),
);
const declareExchange = (types: readonly string[]) =>
  fc
    .tuple(exchangeName, fc.constantFrom(...types), optionally(exchangeName), fc.boolean())
    .map(([name, type, alternate, autoDelete]): Step => {
      const args = alternate === null ? [] : text('alternate-exchange', alternate);
      return (fixture) => fixture.exchange(name, type, { autoDelete, arguments: args });
    });
const deleteExchange = exchangeName.map(
  (name): Step =>
    (fixture) =>
      fixture.deleteExchange(name),
);
const binding = fc
  .tuple(
    fc.boolean(),
    fc.constantFrom('amq.direct', 'amq.fanout', ...EXCHANGES),
    fc.oneof(queueName, exchangeName),
    fc.constantFrom(...PATTERNS, '1', '2'),
  )
  .map(([isAdded, source, to, key]): Step => {
    const wishes = { destinationType: to.startsWith('q') ? ('queue' as const) : ('exchange' as const) };
    return (fixture) => (isAdded ? fixture.bind(source, to, key, wishes) : fixture.unbind(source, to, key, wishes));
  });
const policyDefinition = fc.oneof(
  anyDlx.map((dlx) => ({ 'dead-letter-exchange': dlx })),
  exchangeName.map((alternate) => ({ 'alternate-exchange': alternate })),
);
const policy = fc
  .tuple(fc.constantFrom('p0', 'p1'), fc.constantFrom('.*', '0$'), fc.boolean(), policyDefinition)
  .map(([name, pattern, isPut, definition]): Step => {
    return ({ broker }) =>
      (isPut
        ? broker.policies.put({ kind: 'policy', vhost: '/', name, pattern, definition })
        : broker.policies.delete('policy', '/', name)
      ).catch(() => {});
  });
const compare: fc.Arbitrary<Step> = fc.constant((fixture: BrokerFixture) =>
  linksOf(fixture, fixture.vhost.deadLetters),
);

const anySteps = (types: readonly string[]) =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: declareQueue },
      { weight: 2, arbitrary: deleteQueue },
      { weight: 3, arbitrary: declareExchange(types) },
      { weight: 1, arbitrary: deleteExchange },
      { weight: 6, arbitrary: binding },
      { weight: 2, arbitrary: policy },
      { weight: 12, arbitrary: compare },
    ),
    { minLength: 1, maxLength: 60, size: 'max' },
  );

/** Sources and targets of every queue, by name. */
function linksOf({ vhost }: BrokerFixture, topology: DeadLetterTopology) {
  return [...vhost.queues.values()].map((queue) => ({
    name: queue.name,
    targets: names(topology.targets(queue)),
    sources: names(topology.sources(queue)),
    count: topology.sourceCount(queue),
  }));
}

function names(queues: Iterable<Queue>): string[] {
  return Array.from(queues, (queue) => queue.name).sort();
}

function computed(fixture: BrokerFixture) {
  const topology = new DeadLetterTopology(fixture.vhost);
  topology.allChanged();
  return linksOf(fixture, topology);
}

test('after any changes the dead-letter topology is what it is when computed from scratch', async () => {
  await fc.assert(
    fc.asyncProperty(anySteps([...BY_KEY, ...BY_MORE]), async (sequence) => {
      const fixture = await BrokerFixture.start();
      for (const step of sequence) attempt(fixture, step);
      expect(linksOf(fixture, fixture.vhost.deadLetters)).toEqual(computed(fixture));
    }),
    { numRuns: 500 },
  );
});

test('where exchanges choose by key alone, dead letters are said to go where they would be routed', async () => {
  let reached = 0;
  await fc.assert(
    fc.asyncProperty(anySteps(BY_KEY), async (sequence) => {
      const fixture = await BrokerFixture.start();
      const { vhost } = fixture;
      for (const step of sequence) attempt(fixture, step);
      for (const queue of vhost.queues.values()) {
        const { deadLetterExchange: dlx, deadLetterRoutingKey: fixed } = queue.options;
        const exchange = dlx === null ? undefined : vhost.exchanges.get(dlx);
        const own = [queue.name, ...Array.from(queue.incoming, ({ routingKey }) => routingKey)];
        const keys = fixed === null && exchange?.options.type !== 'fanout' ? own : [fixed ?? ''];
        const routed = exchange === undefined ? [] : vhost.route(exchange, keys, () => []).queues;
        expect(names(vhost.deadLetters.targets(queue))).toEqual(names(routed));
        reached += routed.length;
      }
    }),
    { numRuns: 300 },
  );
  expect(reached).toBeGreaterThan(10);
});

const alternate = (name: string) => ({ arguments: text('alternate-exchange', name) });
const putPolicy =
  (pattern: string, definition: Record<string, string>) =>
  ({ broker }: BrokerFixture) =>
    broker.policies.put({ kind: 'policy', vhost: '/', name: 'p', pattern, definition });

/** What is there, what changes, and where the dead letters of `work` go before and after. `other` sends all to `dead`. */
test.each<[string, Step, Step, string[], string[]]>([
  ['a binding comes', (p) => p.exchange('dlx', 'direct'), (p) => p.bind('dlx', 'dead', 'work'), [], ['dead']],
  [
    'a binding by a key goes',
    (p) => [p.exchange('dlx', 'direct'), p.bind('dlx', 'dead', 'work')],
    (p) => p.unbind('dlx', 'dead', 'work'),
    ['dead'],
    [],
  ],
  [
    'a binding by a pattern comes',
    (p) => p.exchange('dlx', 'topic'),
    (p) => p.bind('dlx', 'dead', '*.#'),
    [],
    ['dead'],
  ],
  [
    'a binding of exchanges comes',
    (p) => p.exchange('dlx', 'fanout'),
    (p) => p.bind('dlx', 'other', '', { destinationType: 'exchange' }),
    [],
    ['dead'],
  ],
  [
    'its messages come by another key',
    (p) => [p.exchange('dlx', 'direct'), p.bind('dlx', 'dead', 'k')],
    (p) => p.bind('amq.topic', 'work', 'k'),
    [],
    ['dead'],
  ],
  ['the exchange comes', () => {}, (p) => p.exchange('dlx', 'direct', alternate('other')), [], ['dead']],
  [
    'the exchange goes',
    (p) => p.exchange('dlx', 'direct', alternate('other')),
    (p) => p.deleteExchange('dlx'),
    ['dead'],
    [],
  ],
  [
    'the alternate exchange comes',
    (p) => [p.deleteExchange('other'), p.exchange('dlx', 'direct', alternate('other'))],
    (p) => p.exchange('other', 'direct', alternate('amq.fanout')),
    [],
    ['spare'],
  ],
  [
    'an alternate exchange is no longer asked',
    (p) => p.exchange('dlx', 'direct', alternate('other')),
    (p) => p.bind('dlx', 'spare', 'work'),
    ['dead'],
    ['spare'],
  ],
  [
    'a policy names an alternate exchange',
    (p) => p.exchange('dlx', 'direct'),
    putPolicy('^dlx$', { 'alternate-exchange': 'other' }),
    [],
    ['dead'],
  ],
  [
    'a policy names another dead-letter exchange',
    (p) => [p.broker.topology.deleteQueue(p.session, 'work', ANYHOW), p.queue('work')],
    putPolicy('^work$', { 'dead-letter-exchange': 'other' }),
    [],
    ['dead'],
  ],
  [
    'a queue comes that the default exchange sends to',
    (p) => [
      p.broker.topology.deleteQueue(p.session, 'work', ANYHOW),
      p.queue('work', { arguments: dlxArguments('', 'new') }),
    ],
    (p) => p.queue('new'),
    [],
    ['new'],
  ],
  [
    'the queue goes that they came to',
    (p) => [p.exchange('dlx', 'fanout'), p.bind('dlx', 'dead')],
    (p) => p.broker.topology.deleteQueue(p.session, 'dead', ANYHOW),
    ['dead'],
    [],
  ],
])('dead letters find another way when %s', async (_, prepare, change, before, after) => {
  const fixture = await BrokerFixture.start();
  const { vhost } = fixture;
  fixture.queue('work', { arguments: dlxArguments('dlx', null) });
  fixture.queue('dead');
  fixture.queue('spare');
  fixture.exchange('other', 'fanout');
  fixture.bind('other', 'dead');
  fixture.bind('amq.fanout', 'spare');
  const targets = () => names(vhost.deadLetters.targets(vhost.queues.get('work') as Queue));
  await prepare(fixture);
  expect(targets()).toEqual(before);
  await change(fixture);
  expect(targets()).toEqual(after);
  expect(linksOf(fixture, vhost.deadLetters)).toEqual(computed(fixture));
});

describe('dead letters of a queue', () => {
  test('may come to each of the bindings of an exchange that chooses one', async () => {
    const fixture = await BrokerFixture.start();
    const work = fixture.queue('work', { arguments: dlxArguments('spread', null) });
    fixture.exchange('spread', 'x-random');
    for (const name of ['d1', 'd2']) {
      fixture.queue(name);
      fixture.bind('spread', name);
    }
    expect(names(fixture.vhost.deadLetters.targets(work))).toEqual(['d1', 'd2']);
  });

  test('are known after a restart', async () => {
    const first = await BrokerFixture.start();
    const durable = { durable: true };
    first.exchange('dlx', 'fanout', durable);
    first.queue('work', { ...durable, arguments: dlxArguments('dlx', null) });
    first.queue('dead', durable);
    first.bind('dlx', 'dead');
    const { vhost } = await first.restart();
    expect(names(vhost.deadLetters.sources(vhost.queues.get('dead') as Queue))).toEqual(['work']);
  });

  test('go with a deleted queue, and come with a new one of its name', async () => {
    const fixture = await BrokerFixture.start();
    const { vhost, broker } = fixture;
    const dead = fixture.queue('dead');
    const count = () => vhost.deadLetters.sourceCount(dead);
    const work = () => fixture.queue('work', { arguments: dlxArguments('', 'dead') });
    work();
    expect(count()).toBe(1);
    broker.topology.deleteQueue(fixture.session, 'work', ANYHOW);
    expect(count()).toBe(0);
    work();
    expect(count()).toBe(1);
  });
});

test('a change follows the queues that it touches and no others', async () => {
  const fixture = await BrokerFixture.start();
  const { vhost } = fixture;
  const count = 2 * LIMITS.deadLetterWaysPerTurnMax;
  for (let i = 0; i < count; i++) {
    fixture.exchange(`dlx${i}`, 'fanout');
    fixture.queue(`work${i}`, { arguments: dlxArguments(`dlx${i}`, null) });
    fixture.queue(`dead${i}`);
    fixture.bind(`dlx${i}`, `dead${i}`);
  }
  const sources = (i: number) => vhost.deadLetters.sourceCount(vhost.queues.get(`dead${i}`) as Queue);
  // More than one turn follows at once: the rest comes with the next questions.
  expect(sources(count - 1)).toBe(0);
  for (let i = 0; i < 3; i++) sources(0);
  expect(sources(count - 1)).toBe(1);
  // One that is followed asks its exchange for a route.
  let asked = 0;
  for (const { type, name } of vhost.exchanges.values()) {
    if (!name.startsWith('dlx')) continue;
    const route = type.route.bind(type);
    type.route = (...question) => {
      asked++;
      route(...question);
    };
  }
  fixture.unbind('dlx7', 'dead7');
  fixture.broker.topology.deleteQueue(fixture.session, 'work8', ANYHOW);
  fixture.queue('another', { arguments: dlxArguments('dlx9', null) });
  expect([sources(7), sources(8), sources(9), asked]).toEqual([0, 0, 2, 2]);
});
