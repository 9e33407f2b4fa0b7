/**
 * Every request that a RabbitMQ was asked while it was recorded, asked again in the same order on the same objects:
 * status, headers and the shape of the body are as they were, but for what is listed; and the families of its pages of
 * metrics with their types and labels. WARREN_RECORDINGS names the folder.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePorts, startBroker, type TestBroker } from '../broker.ts';
import { DifferenceBook } from './book.ts';
import { DIFFERENCES } from './differences.ts';
import { familiesOf, familyDifferences } from './exposition-shape.ts';
import { readPages, readRecordings, recordingsFolder } from './recording.ts';
import { differencesOf, replay } from './replay.ts';
import { type Stage, setStage } from './stage.ts';

const folder = recordingsFolder();
const recordings = folder === undefined ? [] : readRecordings(folder);
const pages = folder === undefined ? [] : readPages(folder);

describe.skipIf(folder === undefined)('answers have the shape of the recorded ones', () => {
  const book = new DifferenceBook(DIFFERENCES);
  const replayed = new Set<string>();
  let broker: TestBroker;
  let metricsPort: number;
  let stage: Stage;

  beforeAll(async () => {
    [metricsPort] = (await freePorts(1)) as [number];
    broker = await startBroker({ WARREN_PROMETHEUS_PORT: String(metricsPort) });
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

  test.each(pages)('$name', async ({ name, path, page }) => {
    const response = await fetch(`http://127.0.0.1:${metricsPort}${path}`);
    expect(response.status).toBe(200);
    const differences = familyDifferences(familiesOf(page), familiesOf(await response.text()));
    replayed.add(name);
    expect(book.unlisted(name, differences)).toEqual([]);
  });

  test('every listed difference is there', ({ skip }) => {
    skip(replayed.size < recordings.length + pages.length, 'not all recordings were replayed');
    expect(book.unseen()).toEqual([]);
  });
});
