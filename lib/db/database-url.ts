/** What a DATABASE_URL says: `file:PATH` is SQLite, `postgresql://…` PostgreSQL. */

export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:/.test(url);
}

export function sqlitePath(url: string): string {
  return url.slice('file:'.length);
}

/** The URL as it may be shown and logged: without the password and what stands behind the database's name. */
export function shownUrl(url: string): string {
  if (!isPostgres(url)) return url;
  if (!URL.canParse(url)) return 'of DATABASE_URL, which is no URL';
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`;
}

/** Why a database could not be used, in one line. A connection that fails at several addresses says so of each. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : error.name;
  return (error.message || code).replaceAll(/\s+/g, ' ').trim();
}
