import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { localPath } from '@/lib/client/paths.ts';
import { signedIn } from '@/lib/console/signed-in.ts';
import { LoginView } from './login-view.tsx';

export const metadata = { title: 'Sign in' };

export default async function Page({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const { next } = await searchParams;
  const identity = await signedIn(await cookies());
  if (identity !== null && identity !== 'unavailable') redirect(localPath(next));
  return <LoginView next={next} />;
}
