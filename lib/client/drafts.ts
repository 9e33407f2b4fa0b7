/**
 * Drafts: what is typed into forms and not sent yet. The tab keeps a draft by form and address until the form is sent or
 * given up, or the draft's writer signs out. A tab keeps the drafts of one writer.
 */

const PREFIX = 'warren.draft.';
const WRITER_KEY = `${PREFIX}of`;
const keyOf = (form: string, address: string) => `${PREFIX}${form} ${address}`;

/** Makes the drafts of the tab this user's; those of another go. Until the first call nothing is kept. */
export function keepDraftsOf(user: string): void {
  try {
    if (sessionStorage.getItem(WRITER_KEY) === user) return;
    dropDrafts();
    sessionStorage.setItem(WRITER_KEY, user);
  } catch {
    // A tab without storage keeps nothing, of nobody.
  }
}

/** The draft that is kept, undefined where none is. What somebody else wrote in its place counts as none. */
export function keptDraft(form: string, address: string): Record<string, unknown> | undefined {
  try {
    const draft: unknown = JSON.parse(sessionStorage.getItem(keyOf(form, address)) ?? 'null');
    return typeof draft === 'object' && draft !== null ? { ...draft } : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a draft; an empty one is none. A tab whose storage is full or forbidden keeps nothing. */
export function keepDraft(form: string, address: string, draft: Record<string, unknown>): void {
  try {
    if (Object.keys(draft).length === 0) sessionStorage.removeItem(keyOf(form, address));
    else if (sessionStorage.getItem(WRITER_KEY) !== null)
      sessionStorage.setItem(keyOf(form, address), JSON.stringify(draft));
  } catch {
    // The form works all the same.
  }
}

/** Drops all drafts of the tab: call when somebody signs out. */
export function dropDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept either.
  }
}

/**
 * The fields of a form that hold what its defaults do not; what may be left out is no more there as '' than when it is.
 * `except`: fields that are kept elsewhere.
 */
export function begunFields(
  values: Record<string, unknown>,
  defaults: Record<string, unknown>,
  except: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => !except.includes(name) && !isSame(value, defaults[name])),
  );
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return (a ?? '') === (b ?? '');
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => isSame((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]));
}
