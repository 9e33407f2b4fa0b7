import { Unlink } from 'lucide-react';
import Link from 'next/link';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { paths } from '@/lib/client/paths.ts';

export const metadata = { title: 'Malformed address' };

/** Stands in for an address that cannot be decoded. */
export default function Page() {
  return (
    <EmptyState icon={Unlink} title="This address is malformed">
      A % in it does not stand for a character in UTF-8: a name with % in it is written with %25. Go to the{' '}
      <Link href={paths.queues} className="underline">
        queues
      </Link>{' '}
      or the{' '}
      <Link href={paths.exchanges} className="underline">
        exchanges
      </Link>{' '}
      and find it there.
    </EmptyState>
  );
}
