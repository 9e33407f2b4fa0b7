import type { MessageLog, MessageStore } from '../../broker/ports.ts';

/** The store of a broker that nobody publishes to: every log of it is empty, and stays so. */
export const EMPTY_STORE: MessageStore = {
  open: () => EMPTY_LOG,
  delete() {},
  finishRecovery() {},
  beforeDeliveries() {},
  sync: () => undefined,
  orphaned: null,
  bytes: 0,
  bytesLeft: 0,
  low: null,
};

const EMPTY_LOG: MessageLog = {
  append: holdsNone,
  read: holdsNone,
  after: holdsNone,
  expiresAtMs: holdsNone,
  offset: holdsNone,
  note: holdsNone,
  seek: () => -1,
  remove: () => false,
  removeFrom() {},
  removeBefore() {},
  delivered() {},
  stretches: () => [],
  liveCount: 0,
  liveBytes: 0,
  deliveredUpTo: 0,
  notes: new Map(),
  corrupt: null,
};

function holdsNone(): never {
  throw new RangeError('this log holds no messages');
}
