import { expect, test } from 'vitest';
import { Listings } from '../../../lib/console/desk.ts';
import { EngineError } from '../../../lib/engine/errors.ts';
import type { Engine } from '../../../lib/engine/port.ts';

function counted() {
  let asked = 0;
  const listQueues = async () => {
    asked++;
    if (asked === 3) throw new EngineError('UNAVAILABLE', 'gone');
    return [];
  };
  return { listings: new Listings({ listQueues } as unknown as Engine), asked: () => asked };
}

test('those who ask at once share an answer, but not with another user', async () => {
  const { listings, asked } = counted();
  await Promise.all([listings.queues({ user: 'a' }), listings.queues({ user: 'a' })]);
  expect(asked()).toBe(1);
  await listings.queues({ user: 'b' });
  expect(asked()).toBe(2);
});

test('after a change the next list is a new one, and a failure is not kept', async () => {
  const { listings, asked } = counted();
  await listings.queues({ user: 'a' });
  listings.forget();
  await listings.queues({ user: 'a' });
  listings.forget();
  await expect(listings.queues({ user: 'a' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await listings.queues({ user: 'a' });
  expect(asked()).toBe(4);
});
