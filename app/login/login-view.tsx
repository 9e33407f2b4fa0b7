'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Mark } from '@/components/frame/mark.tsx';
import { Button } from '@/components/ui/button.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { Field, TextInput } from '@/components/ui/field.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { useInteractive } from '@/lib/client/interactive.ts';
import { localPath } from '@/lib/client/paths.ts';
import { useSignIn } from '@/lib/client/session.ts';

export function LoginView({ next }: { next: string | undefined }) {
  const [client] = useState(() => new QueryClient({ defaultOptions: { mutations: { networkMode: 'always' } } }));
  return (
    <QueryClientProvider client={client}>
      <main className="flex min-h-dvh items-start justify-center px-4 pt-[18vh] pb-8">
        <div className="w-full max-w-80">
          <div className="mb-6 flex items-center gap-3">
            <Mark size={32} />
            <div>
              <h1 className="font-semibold text-lg leading-5">Warren</h1>
              <p className="text-muted">Sign in to the console</p>
            </div>
          </div>
          <SignInForm next={next} />
        </div>
      </main>
    </QueryClientProvider>
  );
}

function SignInForm({ next }: { next: string | undefined }) {
  const signIn = useSignIn();
  const isInteractive = useInteractive();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [user, password] = [String(form.get('user')), String(form.get('password'))];
    // A full load: the pages behind are rendered for who is signed in.
    signIn.mutate({ user, password }, { onSuccess: () => window.location.assign(localPath(next)) });
  };
  // What a password manager or a quick hand fills in before the scripts are there must stay, so the fields keep it themselves; and it
  // must not go anywhere before, least of all into the address.
  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4">
      <Field label="Name">
        {(control) => (
          <TextInput
            {...control}
            className="h-8"
            name="user"
            autoComplete="username"
            autoCapitalize="none"
            autoFocus
            required
          />
        )}
      </Field>
      <Field label="Password">
        {(control) => (
          <TextInput
            {...control}
            className="h-8"
            type="password"
            name="password"
            autoComplete="current-password"
            required
          />
        )}
      </Field>
      {signIn.isError && <ErrorNote>{reasonOf(signIn.error)}</ErrorNote>}
      <Button
        type="submit"
        kind="primary"
        size="large"
        disabled={!isInteractive}
        busy={signIn.isPending || signIn.isSuccess}
      >
        Sign in
      </Button>
    </form>
  );
}
