import { beforeEach, describe, expect, test } from 'vitest';
import type { FieldTable } from '../../../../lib/amqp/field-table.ts';
import { LIMITS } from '../../../../lib/broker/limits.ts';
import type { PolicyWishes } from '../../../../lib/broker/policies/policy-commands.ts';
import type { JsonValue } from '../../../../lib/broker/ports.ts';
import type { Queue } from '../../../../lib/broker/queues/queue.ts';
import { jsonFloat } from '../../../../lib/json/json-value.ts';
import { patternSteps } from '../../../../lib/pattern/pattern.ts';
import { SLOW_PATTERN, slowName } from '../../pattern/any-pattern.ts';
import { BrokerFixture, number, text } from '../broker-fixture.ts';
import { MemoryDefinitions } from '../memory-definitions.ts';

let fixture: BrokerFixture;

beforeEach(async () => {
  fixture = await BrokerFixture.start();
});

const put = (name: string, definition: JsonValue, more: Partial<PolicyWishes> = {}) =>
  fixture.broker.policies.put({ kind: 'policy', vhost: '/', name, pattern: '.*', definition, ...more });
const putOperator = (name: string, definition: JsonValue, more: Partial<PolicyWishes> = {}) =>
  put(name, definition, { kind: 'operator_policy', ...more });
const clear = (name: string) => fixture.broker.policies.delete('policy', '/', name);

function fill(queue: Queue, ...bodies: string[]): void {
  for (const body of bodies) fixture.publish('', queue.name, body);
}

describe('which policy is in effect', () => {
  test('the one of highest priority among those that match, and no other', async () => {
    const queue = fixture.queue('orders');
    await put('low', { 'max-length': 1, 'message-ttl': 5 }, { priority: 1 });
    await put('high', { 'max-length': 9 }, { priority: 2 });
    await put('other', { 'max-length': 2 }, { pattern: '^x', priority: 3 });
    expect(queue.policy).toEqual({ policy: 'high', operatorPolicy: null, definition: { 'max-length': 9 } });
    expect(queue.options).toMatchObject({ lengthMax: 9, messageTtlMs: null });
    await clear('high');
    expect(queue.policy?.policy).toBe('low');
    await clear('low');
    expect([queue.policy, queue.options.lengthMax]).toEqual([null, null]);
  });

  test.each([
    ['all', true, true],
    ['queues', true, false],
    ['classic_queues', true, false],
    ['quorum_queues', false, false],
    ['streams', false, false],
    ['exchanges', false, true],
  ])('apply-to %s', async (applyTo, onQueue, onExchange) => {
    const queue = fixture.queue('a');
    const exchange = fixture.exchange('a');
    await put('p', { 'alternate-exchange': 'x' }, { applyTo });
    expect([queue.policy !== null, exchange.policy !== null]).toEqual([onQueue, onExchange]);
  });

  test('a pattern matches anywhere in the name, also those of predeclared exchanges', async () => {
    const queue = fixture.queue('my.orders.eu');
    await put('p', { 'alternate-exchange': 'x' }, { pattern: 'orders|amq' });
    expect(queue.policy?.policy).toBe('p');
    expect(fixture.vhost.exchanges.get('amq.direct')?.policy?.policy).toBe('p');
    expect(fixture.vhost.exchanges.get('')?.policy).toBeNull();
  });

  test('one with a key that classic queues do not know touches none of them, and the next one counts', async () => {
    const queue = fixture.queue('q');
    await put('mixed', { 'max-length': 1, 'max-age': '1D' }, { priority: 9 });
    expect(queue.policy).toBeNull();
    await put('plain', { 'max-length': 5 });
    expect(queue.policy?.policy).toBe('plain');
  });

  test('holds for what is declared later, and for nothing in another vhost', async () => {
    await put('p', { 'max-length': 3, 'alternate-exchange': 'ae' });
    expect(fixture.queue('later').options.lengthMax).toBe(3);
    expect(fixture.exchange('later').alternateExchange).toBe('ae');
    await fixture.broker.vhostCommands.put({ name: 'v' });
    const vhost = fixture.broker.vhosts.get('v');
    expect(vhost?.exchanges.get('amq.topic')?.policy).toBeNull();
  });

  test('an operator limits what users say and what they do not say, on queues only', async () => {
    const queue = fixture.queue('q');
    await putOperator('op', { 'max-length': 4, expires: 50_000 });
    expect(queue.policy).toEqual({
      policy: null,
      operatorPolicy: 'op',
      definition: { 'max-length': 4, expires: 50_000 },
    });
    await put('p', { 'max-length': 9, 'message-ttl': 7 });
    expect(queue.policy).toEqual({
      policy: 'p',
      operatorPolicy: 'op',
      definition: { 'max-length': 4, expires: 50_000, 'message-ttl': 7 },
    });
    expect(fixture.vhost.exchanges.get('amq.topic')?.policy?.operatorPolicy ?? null).toBeNull();
    await fixture.broker.policies.delete('operator_policy', '/', 'op');
    expect(queue.options).toMatchObject({ lengthMax: 9, messageTtlMs: 7, expiresMs: null });
  });

  test('is stored, and comes back with a start', async () => {
    await put('p', { 'max-length': 2 }, { priority: -1, applyTo: 'queues', pattern: '^q' });
    expect(fixture.definitions.texts).toEqual(['put policy p']);
    const kept = await fixture.definitions.load();
    const again = await BrokerFixture.start(new MemoryDefinitions(kept));
    expect(again.queue('q').policy?.policy).toBe('p');
    await clear('p');
    expect(fixture.definitions.texts).toEqual(['put policy p', 'delete policy p']);
  });
});

describe('a policy and an argument', () => {
  test.each<[string, FieldTable, Record<string, JsonValue>, object]>([
    ['lower length: argument', number('x-max-length', 3), { 'max-length': 5 }, { lengthMax: 3 }],
    ['lower length: policy', number('x-max-length', 9), { 'max-length': 5 }, { lengthMax: 5 }],
    ['lower bytes', number('x-max-length-bytes', 9), { 'max-length-bytes': 5 }, { bytesMax: 5 }],
    ['lower TTL', number('x-message-ttl', 9), { 'message-ttl': 5 }, { messageTtlMs: 5 }],
    ['lower expiry', number('x-expires', 9), { expires: 5 }, { expiresMs: 5 }],
    [
      'overflow: argument',
      text('x-overflow', 'reject-publish'),
      { overflow: 'drop-head' },
      { overflow: 'reject-publish' },
    ],
    ['overflow: policy where there is none', [], { overflow: 'reject-publish' }, { overflow: 'reject-publish' }],
    [
      'DLX: argument',
      text('x-dead-letter-exchange', 'a'),
      { 'dead-letter-exchange': 'b' },
      { deadLetterExchange: 'a' },
    ],
    [
      'DLX from one, routing key from the other',
      text('x-dead-letter-exchange', 'a'),
      { 'dead-letter-routing-key': 'k' },
      { deadLetterExchange: 'a', deadLetterRoutingKey: 'k' },
    ],
  ])('%s', async (_, args, definition, options) => {
    await put('p', definition);
    expect(fixture.queue('q', { arguments: args }).options).toMatchObject(options);
  });

  test.each<[string, FieldTable, Record<string, JsonValue>, object]>([
    [
      'overflow: policy',
      text('x-overflow', 'drop-head'),
      { overflow: 'reject-publish' },
      { overflow: 'reject-publish' },
    ],
    ['delivery limit: the lower', number('x-delivery-limit', 9), { 'delivery-limit': 5 }, { deliveryLimit: 5 }],
    [
      'delivery limit: unless one is none',
      number('x-delivery-limit', 9),
      { 'delivery-limit': -1 },
      { deliveryLimit: 9 },
    ],
    ['delivery limit: not that of the broker', [], { 'delivery-limit': 50 }, { deliveryLimit: 50 }],
    ['strategy', [], { 'dead-letter-strategy': 'at-least-once' }, { deadLetterAtLeastOnce: true }],
  ])('of a quorum queue, %s', async (_, args, definition, options) => {
    await put('p', definition, { applyTo: 'quorum_queues' });
    const wishes = { durable: true, arguments: [...text('x-queue-type', 'quorum'), ...args] };
    expect(fixture.queue('q', wishes).options).toMatchObject(options);
    expect(fixture.queue('classic').policy).toBeNull();
  });

  test.each<[string, FieldTable, Record<string, JsonValue>, object]>([
    ['age', [], { 'max-age': '2h' }, { maxAgeMs: 7_200_000 }],
    ['lower age', text('x-max-age', '1h'), { 'max-age': '2h' }, { maxAgeMs: 3_600_000 }],
    ['lower bytes', number('x-max-length-bytes', 9), { 'max-length-bytes': 5 }, { bytesMax: 5 }],
  ])('of a stream, %s', async (_, args, definition, options) => {
    await put('p', definition, { applyTo: 'streams' });
    const wishes = { durable: true, arguments: [...text('x-queue-type', 'stream'), ...args] };
    expect(fixture.queue('s', wishes).options).toMatchObject(options);
    expect(fixture.queue('classic').policy).toBeNull();
  });

  test('a policy that streams do not know is not for them', async () => {
    const stream = fixture.queue('s', { durable: true, arguments: text('x-queue-type', 'stream') });
    await put('p', { 'max-length-bytes': 5, 'max-length': 1 });
    expect([stream.policy, fixture.queue('q').policy?.policy]).toEqual([null, 'p']);
  });

  test('alternate exchange: the argument', async () => {
    const exchange = fixture.exchange('e', 'direct', { arguments: text('alternate-exchange', 'own') });
    await put('p', { 'alternate-exchange': 'other' });
    expect(exchange.alternateExchange).toBe('own');
  });
});

describe('live', () => {
  test('a lower length drops the oldest at once, and dead-letters them', async () => {
    const queue = fixture.queue('q');
    const dead = fixture.queue('dead');
    fill(queue, 'a', 'b', 'c', 'd');
    const definition = { 'max-length': 1, 'dead-letter-exchange': '', 'dead-letter-routing-key': 'dead' };
    await put('p', definition, { pattern: '^q$' });
    expect([queue.readyCount, dead.readyCount]).toEqual([1, 3]);
    fill(queue, 'e');
    expect([queue.readyCount, dead.readyCount]).toEqual([1, 4]);
    await clear('p');
    fill(queue, 'f', 'g');
    expect(queue.readyCount).toBe(3);
  });

  test('much more than one turn may drop is dropped in turns', async () => {
    const queue = fixture.queue('q');
    const count = LIMITS.expiredPerTurnMax * 2 + 500;
    for (let i = 0; i < count; i++) fixture.publish('', 'q');
    await put('p', { 'max-length': 10 });
    expect(queue.readyCount).toBe(count - LIMITS.expiredPerTurnMax);
    fixture.clock.advance(1);
    fixture.clock.advance(1);
    expect(queue.readyCount).toBe(10);
  });

  test('a length with reject-publish drops nothing and refuses what comes', async () => {
    const queue = fixture.queue('q');
    fill(queue, 'a', 'b');
    await put('p', { 'max-length': 1, overflow: 'reject-publish' });
    expect(fixture.publish('', 'q')).toBe(2);
    expect(queue.readyCount).toBe(2);
  });

  test('a TTL holds for what comes, not for what is there', async () => {
    const queue = fixture.queue('q');
    await put('p', { 'message-ttl': 100 });
    fill(queue, 'new');
    fixture.clock.advance(100);
    expect(queue.readyCount).toBe(0);
    await clear('p');
    fill(queue, 'old');
    await put('p', { 'message-ttl': 100 });
    fixture.clock.advance(1000);
    expect(queue.readyCount).toBe(1);
  });

  test('an expiry ends the queue when it has been unused for so long since, unless it is taken back', async () => {
    const ended = fixture.queue('ended');
    const kept = fixture.queue('kept');
    await put('p', { expires: 100 }, { pattern: 'ended' });
    await put('k', { expires: 100 }, { pattern: 'kept' });
    fixture.clock.advance(99);
    await clear('k');
    fixture.clock.advance(1);
    expect([ended.deleted, kept.deleted]).toEqual([true, false]);
  });

  test('another policy that leaves the expiry as it is does not renew it', async () => {
    const queue = fixture.queue('q');
    await put('p', { expires: 100 });
    fixture.clock.advance(60);
    await put('p', { expires: 100, 'max-length': 5 });
    fixture.clock.advance(40);
    expect(queue.deleted).toBe(true);
  });

  test.each([LIMITS.ttlMsMax, 2 ** 48, 9_007_199_254_740_993n, 10n ** 30n])(
    'a time to live of %s is a long one, and no other because it needs many digits',
    async (ttl) => {
      const queue = fixture.queue('q');
      await put('p', { 'message-ttl': ttl, expires: ttl, 'max-length': ttl });
      expect(queue.policy?.definition['message-ttl']).toBe(ttl);
      fill(queue, 'a');
      fixture.clock.advance(365 * 86_400_000);
      expect([queue.deleted, queue.readyCount]).toEqual([false, 1]);
    },
  );

  test('an alternate exchange takes what an exchange does not route, also for routes that are remembered', async () => {
    fixture.exchange('e', 'fanout');
    fixture.queue('rest');
    fixture.bind('amq.fanout', 'rest');
    expect(fixture.route('e')).toEqual([]);
    const { version } = fixture.vhost;
    await put('p', { 'alternate-exchange': 'amq.fanout' }, { applyTo: 'exchanges', pattern: '^e$' });
    expect(fixture.route('e')).toEqual(['rest']);
    expect(fixture.vhost.version).toBeGreaterThan(version);
    await clear('p');
    expect(fixture.route('e')).toEqual([]);
  });

  test('what could not be stored is taken back', async () => {
    const queue = fixture.queue('q');
    await put('p', { 'max-length': 5 });
    fixture.definitions.fail = true;
    await expect(put('p', { 'max-length': 3 })).rejects.toMatchObject({ reply: 'INTERNAL_ERROR' });
    await expect(put('new', { 'max-length': 1 }, { priority: 9 })).rejects.toMatchObject({ reply: 'INTERNAL_ERROR' });
    expect(queue.options.lengthMax).toBe(5);
  });
});

describe('patterns', () => {
  test('what RabbitMQ takes and no linear time can decide is refused with the reason', async () => {
    const reason = '{"back-references are not supported",4}';
    await expect(put('p', { expires: 1000 }, { pattern: '(a)\\1' })).rejects.toThrow(
      `Validation failed\n\npattern should be regular expression but is invalid: ${reason}\n`,
    );
    expect(fixture.broker.policies.list('policy')).toEqual([]);
  });

  test('one that would go back for ever over a name made for it costs next to nothing', async () => {
    const queue = fixture.queue(`${'a'.repeat(36)}!`);
    const steps = patternSteps();
    await put('p', { 'max-length': 1 }, { pattern: '^(a+)+$' });
    expect(patternSteps() - steps).toBeLessThan(5000);
    expect(queue.policy).toBeNull();
  });

  describe('that make much work', () => {
    const TURN_STEPS_MAX = LIMITS.patternStepsPerTurn + 256 * 4096;
    let queues: Queue[];
    const withPolicy = (): number => queues.filter(({ policy }) => policy !== null).length;
    const stepsOf = async (act: () => unknown): Promise<number> => {
      const before = patternSteps();
      await act();
      return patternSteps() - before;
    };

    beforeEach(() => {
      queues = [...Array(40)].map((_, i) => fixture.queue(slowName(i, 'ac')));
    });

    test('let others have their turn, and hold everywhere in the end', async () => {
      expect(await stepsOf(() => put('slow', { 'max-length': 5 }, { pattern: SLOW_PATTERN }))).toBeLessThan(
        TURN_STEPS_MAX,
      );
      const counts = [withPolicy()];
      while (fixture.clock.waiting > 0 && counts.length < 100) {
        expect(await stepsOf(() => fixture.clock.advance(1))).toBeLessThan(TURN_STEPS_MAX);
        counts.push(withPolicy());
      }
      expect(counts.length).toBeGreaterThan(2);
      expect(counts[0]).toBeLessThan(40);
      expect(counts.at(-1)).toBe(40);
      expect(fixture.exchange('xac').policy).toBeNull();
    });

    test('are left where another change comes meanwhile, and what was deleted is passed over', async () => {
      await put('slow', { 'max-length': 5 }, { pattern: SLOW_PATTERN });
      expect(withPolicy()).toBeLessThan(40);
      const last = queues.at(-1) as Queue;
      fixture.broker.topology.deleteQueue(fixture.session, last.name, { unused: false, empty: false });
      await clear('slow');
      fixture.clock.advance(1);
      expect([withPolicy(), last.policy, fixture.clock.waiting]).toEqual([0, null, 0]);
    });
  });

  test('of all policies of a vhost are bounded together: who declares pays for each', async () => {
    const large = (i: number) => put(`p${i}`, { expires: 1000 }, { pattern: `[ab]*a[ab]{4000}${i}` });
    const refused = 'Validation failed\n\nthe patterns of all policies in the vhost are too large together\n';
    let count = 0;
    while (
      await large(count).then(
        () => true,
        () => false,
      )
    )
      count++;
    expect(count).toBe(Math.floor(LIMITS.policyPatternsSizeMax / 4005));
    await expect(large(count)).rejects.toThrow(refused);
    // One may be put again, and another vhost has room of its own.
    await large(0);
    await putOperator('small', { expires: 1000 }, { pattern: '^a' });
    await clear('p0');
    await large(count);
  });
});

describe('at a start', () => {
  test('policies hold for queues and exchanges that come back', async () => {
    const kept = await (await BrokerFixture.start()).definitions.load();
    kept.queues = [{ vhost: '/', name: 'q', id: 'q', autoDelete: false, isPaused: false, arguments: new Uint8Array() }];
    const policy = { kind: 'policy' as const, vhost: '/', pattern: '', applyTo: 'all' as const, priority: 0 };
    kept.policies = [{ ...policy, name: 'p', definition: { 'max-length': 2, 'alternate-exchange': 'ae' } }];
    const { vhost } = await BrokerFixture.start(new MemoryDefinitions(kept));
    expect(vhost.queues.get('q')?.options.lengthMax).toBe(2);
    expect(vhost.exchanges.get('amq.topic')?.alternateExchange).toBe('ae');
  });

  test('a policy of a vhost that is gone is left out and said so', async () => {
    const kept = await (await BrokerFixture.start()).definitions.load();
    const policy = { kind: 'policy' as const, applyTo: 'all' as const, priority: 0, definition: { expires: 1 } };
    kept.policies = [{ ...policy, vhost: 'gone', name: 'p', pattern: '' }];
    const { logs } = await BrokerFixture.start(new MemoryDefinitions(kept));
    expect(logs).toEqual(["error: the policy 'p' of vhost 'gone' was not restored: vhost 'gone' not found"]);
  });
});

describe('what is wrong with a policy', () => {
  test('is said all at once, as RabbitMQ says it', async () => {
    await expect(put('p', { 'max-length': -1 }, { pattern: '(', applyTo: 'x', priority: 'y' })).rejects.toThrow(
      'Validation failed\n\n-1 is not a valid maximum length\n' +
        "apply-to 'x' unrecognised; should be one of: 'queues', 'classic_queues',  'quorum_queues', 'streams', 'exchanges', or 'all'\n" +
        'priority should be a number, actually was <<"y">>\n' +
        'pattern should be regular expression but is invalid: {"missing )",1}\n',
    );
    for (const [priority, shown] of [
      [1.5, '1.5'],
      [jsonFloat(5), '5.0'],
      [2 ** 31, '2147483648'],
      [2n ** 53n + 1n, '9007199254740993'],
    ] as const) {
      await expect(put('p', { expires: 1 }, { priority })).rejects.toThrow(
        `priority should be an integer from -2147483647 to 2147483647, actually was ${shown}\n`,
      );
    }
    await expect(put('p', {})).rejects.toThrow('Validation failed\n\nno policy provided\n');
    await expect(put('p', [])).rejects.toThrow(
      'Validation failed\n\ndefinition should be an object, actually was []\n',
    );
    await expect(put('p', { expires: 1 }, { pattern: 5 })).rejects.toThrow(
      'Validation failed\n\npattern should be a binary but was 5\n',
    );
    expect(fixture.broker.policies.list('policy')).toEqual([]);
  });

  test('a vhost or a policy that is not there is NOT_FOUND', async () => {
    await expect(put('p', { expires: 1 }, { vhost: 'v' })).rejects.toMatchObject({ reply: 'NOT_FOUND' });
    await expect(clear('p')).rejects.toMatchObject({ reply: 'NOT_FOUND' });
  });
});
