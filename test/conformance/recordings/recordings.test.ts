/**
 * Every request that a RabbitMQ was asked while it was recorded, asked again in the same order on the same objects:
 * status, headers and the shape of the body are as they were, but for what is listed. WARREN_RECORDINGS names the folder.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from '../broker.ts';
import { DifferenceBook } from './book.ts';
import { DIFFERENCES } from './differences.ts';
import { readRecordings, recordingsFolder } from './recording.ts';
import { differencesOf, replay } from './replay.ts';
import { type Stage, setStage } from './stage.ts';

const folder = recordingsFolder();
const recordings = folder === undefined ? [] : readRecordings(folder);

describe.skipIf(folder === undefined)('answers have the shape of the recorded ones', () => {
  const book = new DifferenceBook(DIFFERENCES);
  const replayed = new Set<string>();
  let broker: TestBroker;
  let stage: Stage;

  beforeAll(async () => {
    broker = await startBroker();
    stage = await setStage(broker, recordings);
  });
  afterAll(async () => {
    await stage?.close();
    await broker?.stop();
  });

  test.each(recordings)('$name', async (recording) => {
    const differences = differencesOf(recording, await replay(stage, recording));
    replayed.add(recording.name);
    expect(book.unlisted(recording.name, differences)).toEqual([]);
  });

  test('every listed difference is there', ({ skip }) => {
    skip(replayed.size < recordings.length, 'not all recordings were replayed');
    expect(book.unseen()).toEqual([]);
  });
});
