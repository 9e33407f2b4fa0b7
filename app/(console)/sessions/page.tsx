import { cookies } from 'next/headers';
import { signedIn } from '@/lib/console/signed-in.ts';
import { SessionsView } from './sessions-view.tsx';

export const metadata = { title: 'Sessions' };

export default async function Page() {
  const identity = await signedIn(await cookies());
  return <SessionsView maySeeAll={identity?.tags.includes('administrator') ?? false} />;
}
