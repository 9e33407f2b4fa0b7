import { expect, test } from 'vitest';
import { buildFields, draftsFrom, draftsText, newFieldDraft } from '../../../lib/client/field-drafts.ts';

test('drafts come back from an address as they were written, also unfinished ones', () => {
  const drafts = [newFieldDraft('CC', 'json', '["a"'), newFieldDraft('n', 'integer', '7'), newFieldDraft()];
  const back = draftsFrom(draftsText(drafts) ?? null);
  expect(back.map(({ name, kind, text }) => [name, kind, text])).toEqual([
    ['CC', 'json', '["a"'],
    ['n', 'integer', '7'],
  ]);
  expect(buildFields(back).table).toEqual([{ name: 'n', field: { type: 'l', value: '7' } }]);
});

test('nothing written is nothing in the address', () => {
  expect(draftsText([])).toBeUndefined();
  expect(draftsText([newFieldDraft()])).toBeUndefined();
});

test.each([null, '', 'x', '{}', '7', '[1]', '[["a"]]', '[["a","other","b"]]', '[["a","string",1]]'])(
  'what nobody wrote is nothing: %s',
  (text) => {
    expect(draftsFrom(text)).toEqual([]);
  },
);
