/** What is typed into a form and not sent yet: kept in the tab, by form and address, until it is sent, given up, or its writer signs out. */

const PREFIX = 'warren.draft.';
const keyOf = (form: string, address: string) => `${PREFIX}${form} ${address}`;

/** Undefined: none is kept. What somebody else wrote there counts as none. */
export function keptDraft(form: string, address: string): Record<string, unknown> | undefined {
  try {
    const draft: unknown = JSON.parse(sessionStorage.getItem(keyOf(form, address)) ?? 'null');
    return typeof draft === 'object' && draft !== null ? { ...draft } : undefined;
  } catch {
    return undefined;
  }
}

/** An empty one is none. A tab whose storage is full or forbidden keeps nothing. */
export function keepDraft(form: string, address: string, draft: Record<string, unknown>): void {
  try {
    if (Object.keys(draft).length === 0) sessionStorage.removeItem(keyOf(form, address));
    else sessionStorage.setItem(keyOf(form, address), JSON.stringify(draft));
  } catch {
    // The form works all the same.
  }
}

/** They are nobody else's: call when somebody signs out. */
export function dropDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept either.
  }
}
