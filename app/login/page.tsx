import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { signedIn } from '@/app/signed-in.ts';
import { localPath } from '@/lib/client/paths.ts';
import { LoginView } from './login-view.tsx';

export const metadata = { title: 'Sign in' };

export default async function Page({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const { next } = await searchParams;
  const identity = await signedIn(await cookies());
  if (identity !== null && identity !== 'unavailable') redirect(localPath(next));
  return <LoginView next={next} />;
}
