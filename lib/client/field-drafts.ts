import { FIELD_KINDS, type FieldKind, parseField, type TypedTable } from './fields.ts';

/** A field while it is written. `id` is for React only: names may be empty or equal. */
export interface FieldDraft {
  id: number;
  name: string;
  kind: FieldKind;
  text: string;
}

let lastId = 0;

export function newFieldDraft(name = '', kind: FieldKind = 'string', text = ''): FieldDraft {
  return { id: ++lastId, name, kind, text };
}

/** The table, and what is wrong by draft id. A draft without name and value is one not begun. */
export function buildFields(drafts: readonly FieldDraft[]): { table: TypedTable; problems: Record<number, string> } {
  const table: TypedTable = [];
  const problems: Record<number, string> = {};
  for (const draft of drafts) {
    if (draft.name === '' && draft.text === '') continue;
    if (draft.name === '') {
      problems[draft.id] = 'Give it a name.';
      continue;
    }
    const parsed = parseField(draft.kind, draft.text);
    if ('problem' in parsed) problems[draft.id] = parsed.problem;
    else table.push({ name: draft.name, field: parsed.field });
  }
  return { table, problems };
}

/** The drafts for an address; undefined when nothing is written yet. */
export function draftsText(drafts: readonly FieldDraft[]): string | undefined {
  const begun = drafts.filter(({ name, text }) => name !== '' || text !== '');
  return begun.length === 0 ? undefined : JSON.stringify(begun.map(({ name, kind, text }) => [name, kind, text]));
}

/** The drafts from an address; what was not written by `draftsText` counts as nothing. */
export function draftsFrom(written: string | null): FieldDraft[] {
  let entries: unknown;
  try {
    entries = JSON.parse(written ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    const [name, kind, text] = Array.isArray(entry) ? entry : [];
    const known = FIELD_KINDS.find((candidate) => candidate === kind);
    return typeof name === 'string' && typeof text === 'string' && known !== undefined
      ? [newFieldDraft(name, known, text)]
      : [];
  });
}
