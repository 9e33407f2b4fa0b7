import { beforeEach, describe, expect, test } from 'vitest';
import { encodeContentHeader } from '../../../lib/amqp/properties.ts';
import { LIMITS } from '../../../lib/broker/limits.ts';
import { encodeAddress } from '../../../lib/broker/messages/message.ts';
import { Publisher } from '../../../lib/broker/publishing/publisher.ts';
import { ContentAssembler } from '../../../lib/server/content-assembler.ts';
import { BrokerFixture } from '../broker/broker-fixture.ts';
import { bodyOf, propertiesOf } from '../broker/sample-message.ts';

const refusal = (reply: string, message: string) => expect.objectContaining({ reply, message });

let fixture: BrokerFixture;
let content: ContentAssembler;

beforeEach(async () => {
  fixture = await BrokerFixture.start();
  fixture.queue('q');
  content = new ContentAssembler(new Publisher(fixture.session));
});

/** The payload of basic.publish, in the middle of a chunk. */
function method(exchange = '', routingKey = 'q', bits = 0): void {
  const payload = Buffer.concat([Buffer.of(0, 60, 0, 40, 0, 0), encodeAddress(exchange, routingKey), Buffer.of(bits)]);
  const chunk = Buffer.concat([Buffer.from('before'), payload, Buffer.from('behind')]);
  content.method(chunk, 6, 6 + payload.length);
}

function header(bodySize: number, properties = {}): boolean {
  const payload = encodeContentHeader(bodySize, properties);
  return content.header(Buffer.concat([Buffer.from('xx'), payload]), 2, 2 + payload.length);
}

function body(text: string): boolean {
  const payload = Buffer.from(text);
  return content.body(Buffer.concat([Buffer.from('xx'), payload, Buffer.from('y')]), 2, 2 + payload.length);
}

describe('a message comes together', () => {
  test('from one body frame', () => {
    method('amq.direct', 'k', 1);
    expect(content.idle).toBe(false);
    expect(header(5, { messageId: 'm', deliveryMode: 2, priority: 4, expiration: '60' })).toBe(false);
    expect(body('hello')).toBe(true);
    expect(bodyOf(content.message)).toBe('hello');
    expect(propertiesOf(content.message)).toMatchObject({ messageId: 'm' });
    expect(content.message).toMatchObject({ persistent: true, priority: 4, expirationMs: 60 });
    expect([content.mandatory, content.route?.exchange.name, content.route?.routingKey]).toEqual([
      true,
      'amq.direct',
      'k',
    ]);
  });

  test('from many body frames, empty ones among them', () => {
    method();
    header(6);
    expect([body('a'), body(''), body('bcd'), body('ef')]).toEqual([false, false, false, true]);
    expect(bodyOf(content.message)).toBe('abcdef');
  });

  test('without a body', () => {
    method();
    expect(header(0)).toBe(true);
    expect(bodyOf(content.message)).toBe('');
  });

  test('one after the other, nothing of the first being left in the second', () => {
    method('', 'q', 1);
    header(4, { priority: 9, expiration: '5', deliveryMode: 2 });
    body('ab');
    body('cd');
    content.reset();
    expect(content.idle).toBe(true);
    method();
    header(2);
    expect(body('xy')).toBe(true);
    expect(bodyOf(content.message)).toBe('xy');
    expect(content.message).toMatchObject({ persistent: false, priority: 0, expirationMs: -1 });
    expect(content.mandatory).toBe(false);
  });

  test('and one that was given up half way is forgotten', () => {
    method();
    header(10);
    body('half');
    content.reset();
    method();
    header(3);
    expect(body('new')).toBe(true);
    expect(bodyOf(content.message)).toBe('new');
  });

  test('memory grows only with what has arrived, whatever the header announces', () => {
    method();
    const before = process.memoryUsage().arrayBuffers;
    header(LIMITS.messageBytesMax);
    body('x');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });
});

describe('frames out of order are UNEXPECTED_FRAME', () => {
  test('a header without a method', () => {
    expect(() => header(0)).toThrow(refusal('UNEXPECTED_FRAME', 'expected method frame, got non method frame instead'));
  });

  test('a body without a method', () => {
    expect(() => body('x')).toThrow(refusal('UNEXPECTED_FRAME', 'expected method frame, got non method frame instead'));
  });

  test('a body without a header', () => {
    method();
    expect(() => body('x')).toThrow(
      refusal('UNEXPECTED_FRAME', 'expected content header for class 60, got non content header frame instead'),
    );
  });

  test('a second header', () => {
    method();
    header(5);
    expect(() => header(5)).toThrow(
      refusal('UNEXPECTED_FRAME', 'expected content body, got non content body frame instead'),
    );
  });

  test('a header of another class', () => {
    method();
    const payload = encodeContentHeader(0, {});
    payload[1] = 50;
    expect(() => content.header(payload, 0, payload.length)).toThrow(
      refusal('UNEXPECTED_FRAME', 'expected content header for class 60, got one for class 50 instead'),
    );
  });
});

describe('what cannot be a message is refused', () => {
  test('more body than the header announced', () => {
    method();
    header(3);
    body('ab');
    expect(() => body('cd')).toThrow(refusal('FRAME_ERROR', 'content body frame exceeds remaining content size'));
  });

  test('a body larger than the broker takes, by its header alone', () => {
    method();
    const size = LIMITS.messageBytesMax + 1;
    expect(() => header(size)).toThrow(
      refusal('PRECONDITION_FAILED', `message size ${size} is larger than configured max size 16777216`),
    );
    content.reset();
    method();
    expect(header(LIMITS.messageBytesMax)).toBe(false);
  });

  test('a body size that no frame sequence could have', () => {
    method();
    expect(() => header(536_870_913)).toThrow(
      refusal('FRAME_ERROR', 'content body size 536870913 exceeds maximum allowed size 536870912'),
    );
  });

  test('immediate', () => {
    expect(() => method('', 'q', 2)).toThrow(refusal('NOT_IMPLEMENTED', 'immediate=true'));
    expect(content.idle).toBe(true);
  });

  test('a method that does not decode', () => {
    const payload = Buffer.concat([Buffer.of(0, 60, 0, 40, 0, 0), encodeAddress('', 'q'), Buffer.of(0)]);
    for (const end of [6, 7, payload.length - 1]) {
      expect(() => content.method(payload.subarray(0, end), 0, end)).toThrow(
        refusal('SYNTAX_ERROR', 'basic.publish does not decode'),
      );
    }
    const longer = Buffer.concat([payload, Buffer.of(0)]);
    expect(() => content.method(longer, 0, longer.length)).toThrow(expect.objectContaining({ reply: 'SYNTAX_ERROR' }));
  });

  test('a header that is cut off, or has a table that does not decode', () => {
    const whole = encodeContentHeader(0, { headers: [['a', { type: 'I', value: 1 }]], messageId: 'm' });
    for (let end = 0; end < whole.length; end++) {
      method();
      const reply = end < 14 ? 'FRAME_ERROR' : 'SYNTAX_ERROR';
      expect(() => content.header(whole, 0, end)).toThrow(expect.objectContaining({ reply }));
      content.reset();
    }
    method();
    expect(content.header(whole, 0, whole.length)).toBe(true);
  });

  test('a missing exchange, when the method comes', () => {
    expect(() => method('none')).toThrow(refusal('NOT_FOUND', "no exchange 'none' in vhost '/'"));
    expect(content.idle).toBe(true);
  });
});
