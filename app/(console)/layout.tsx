import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { signedIn } from '@/app/signed-in.ts';
import { BrokerAway } from './broker-away.tsx';
import { ConsoleFrame } from './console-frame.tsx';
import { Providers } from './providers.tsx';
import { SignInFirst } from './sign-in-first.tsx';

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const identity = await signedIn(await cookies());
  if (identity === null) return <SignInFirst />;
  if (identity === 'unavailable') return <BrokerAway />;
  return (
    <Providers>
      <ConsoleFrame identity={identity}>{children}</ConsoleFrame>
    </Providers>
  );
}
