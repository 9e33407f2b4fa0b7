import { cookies } from 'next/headers';
import { signedIn } from '@/app/signed-in.ts';
import { hasRole } from '@/lib/users/role.ts';
import { SessionsView } from './sessions-view.tsx';

export const metadata = { title: 'Sessions' };

export default async function Page() {
  const identity = await signedIn(await cookies());
  const tags = identity === null || identity === 'unavailable' ? [] : identity.tags;
  return <SessionsView maySeeAll={hasRole(tags, 'administrator')} />;
}
