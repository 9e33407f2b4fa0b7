import { formatCount, plural } from '../../lib/client/formats.ts';

/** How much a search has looked through. */
export function SearchNote({
  page,
}: {
  page: { messages: readonly unknown[]; scanned: number; ready: number; next: string | null };
}) {
  return (
    <p className="border-line border-b px-3 py-2 text-muted text-xs">
      {plural(page.messages.length, 'match', 'matches')} in {plural(page.scanned, 'message')} looked at of{' '}
      {formatCount(page.ready)} ready
      {page.next === null ? '.' : '; the next page goes on from there.'}
    </p>
  );
}
