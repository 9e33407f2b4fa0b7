'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleHelp } from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { HelpDialog } from '@/components/frame/help-dialog.tsx';
import { NoVhost } from '@/components/frame/no-vhost.tsx';
import { RefreshControl } from '@/components/frame/refresh-control.tsx';
import { useShortcuts } from '@/components/frame/shortcuts.ts';
import { PLACES, Sidebar } from '@/components/frame/sidebar.tsx';
import { UnknownVhost } from '@/components/frame/unknown-vhost.tsx';
import { ThemeMenu, UserMenu } from '@/components/frame/user-menu.tsx';
import { VhostSelect } from '@/components/frame/vhost-select.tsx';
import { Button } from '@/components/ui/button.tsx';
import { useDataAge } from '@/lib/client/data-age.ts';
import { keepDraftsOf } from '@/lib/client/drafts.ts';
import { useEventLink, useLinkState } from '@/lib/client/live.ts';
import { overviewQuery, vhostsQuery } from '@/lib/client/overview.ts';
import { paths } from '@/lib/client/paths.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { setRefreshMode, useRefreshMode } from '@/lib/client/refresh-mode.ts';
import { type Identity, useSignOut } from '@/lib/client/session.ts';
import { setTheme, toggleTheme, useTheme } from '@/lib/client/theme.ts';
import { useVhostFilter } from '@/lib/client/vhost-filter.ts';

/** The console around its pages. Who signs out leaves all of it first: a page that still asks would be refused. */
export function ConsoleFrame({ identity, children }: { identity: Identity; children: ReactNode }) {
  const [isLeaving, setIsLeaving] = useState(false);
  if (isLeaving) return <SignOut />;
  return (
    <Frame identity={identity} onSignOut={() => setIsLeaving(true)}>
      {children}
    </Frame>
  );
}

function SignOut() {
  const { mutate } = useSignOut();
  useEffect(() => mutate(undefined, { onSettled: () => window.location.assign(paths.login()) }), [mutate]);
  return null;
}

function Frame({ identity, onSignOut, children }: { identity: Identity; onSignOut: () => void; children: ReactNode }) {
  // Before any form of the page reads its draft.
  useState(() => keepDraftsOf(identity.user));
  const router = useRouter();
  const pathname = usePathname();
  const client = useQueryClient();
  const [helpOpen, setHelpOpen] = useState(false);
  const [vhost, chooseVhost] = useVhostFilter();
  const mode = useRefreshMode();
  useEventLink(identity.user);
  const link = useLinkState();
  const vhosts = useQuery(vhostsQuery());
  const overview = useLiveQuery(overviewQuery(vhost));
  // Until it is known, a page that may turn out to be none says nothing.
  const isUnknown = vhosts.data === undefined && !vhosts.isError && identity.vhosts.length === 0;
  const seesNothing = vhosts.data?.names.length === 0;
  const isWithheld = (isUnknown || seesNothing) && isOfVhosts(pathname);
  const refresh = () => void client.invalidateQueries({ refetchType: 'active' });

  useShortcuts({
    '?': () => setHelpOpen(true),
    '/': () => document.querySelector<HTMLElement>('[data-page-search]')?.focus(),
    r: refresh,
    p: () => setRefreshMode(mode === 'paused' ? 'live' : 'paused'),
    t: toggleTheme,
    ...Object.fromEntries(PLACES.map(({ letter, href }) => [`g ${letter}`, () => router.push(href)])),
  });

  return (
    <div className="flex h-dvh">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:rounded-md focus:bg-raised focus:p-2"
      >
        Skip to the content
      </a>
      <Sidebar pathname={pathname} deadLetters={overview.data?.deadLetters ?? 0} broker={overview.data?.broker} />
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b bg-surface px-4">
          <VhostSelect vhosts={vhosts.data?.names ?? identity.vhosts} value={vhost} onChange={chooseVhost} />
          <div className="ml-auto flex items-center gap-1.5">
            <RefreshControl mode={mode} age={useDataAge()} link={link} onMode={setRefreshMode} onRefresh={refresh} />
            <Button kind="quiet" size="icon" aria-label="Help" title="Help (?)" onClick={() => setHelpOpen(true)}>
              <CircleHelp aria-hidden />
            </Button>
            <ThemeMenu theme={useTheme()} onTheme={setTheme} />
            <UserMenu identity={identity} onSessions={() => router.push(paths.sessions)} onSignOut={onSignOut} />
          </div>
        </header>
        <main
          id="content"
          className="min-h-0 flex-1 overflow-y-auto overscroll-contain [scrollbar-gutter:stable] [scrollbar-width:thin]"
        >
          <div className="mx-auto max-w-[1500px] p-4 lg:p-5 lg:pr-2.5">
            {vhost !== undefined && vhosts.data !== undefined && !vhosts.data.names.includes(vhost) && (
              <UnknownVhost name={vhost} onShowAll={() => chooseVhost(undefined)} />
            )}
            {isWithheld ? seesNothing && <NoVhost user={identity.user} /> : children}
          </div>
        </main>
      </div>
      <HelpDialog open={helpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}

/** Whether a page is about vhosts; the others are also for users who may see no vhost. */
function isOfVhosts(pathname: string): boolean {
  return ![paths.audit, paths.sessions].some((path) => pathname.startsWith(path));
}
