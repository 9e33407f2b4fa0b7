'use client';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ToastProvider } from '@/components/ui/toasts.tsx';
import { TooltipProvider } from '@/components/ui/tooltip.tsx';
import { isSignedOut } from '@/lib/client/api.ts';
import { paths } from '@/lib/client/paths.ts';

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(newQueryClient);
  return (
    <QueryClientProvider client={client}>
      <TooltipProvider delayDuration={250}>
        <ToastProvider>{children}</ToastProvider>
      </TooltipProvider>
    </QueryClientProvider>
  );
}

function newQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (isSignedOut(error)) window.location.assign(paths.login(window.location.pathname + window.location.search));
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // No retries behind the reader's back: what is live asks again in a second, and says that it failed until then.
      queries: { retry: false, staleTime: 500, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });
}
