'use client';
import type { ReactNode } from 'react';
import { type FieldValues, FormProvider, useFormState } from 'react-hook-form';
import { reasonOf } from '../../lib/client/api.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import type { PageForm } from './page-form.ts';

/** A page that is a form: what it makes, the way back, and why it was refused. */
export function FormPage<V extends FieldValues>({
  title,
  parent,
  verb,
  form,
  request,
  onSubmit,
  className,
  children,
}: {
  title: string;
  /** The page that follows when the form is given up. */
  parent: { label: string; href: string };
  /** As "Declare queue". */
  verb: string;
  form: PageForm<V>;
  request: { isPending: boolean; error: unknown };
  onSubmit: (values: V) => void;
  className?: string;
  children: ReactNode;
}) {
  return (
    <FormProvider {...form}>
      <form noValidate onSubmit={form.handleSubmit(onSubmit)} className={className}>
        <PageHeader
          title={title}
          parent={parent}
          note={<RestoredNote form={form} />}
          actions={
            <>
              <ButtonLink href={parent.href} onClick={form.forget}>
                Cancel
              </ButtonLink>
              <SubmitButton busy={request.isPending}>{verb}</SubmitButton>
            </>
          }
        />
        {request.error !== null && (
          <div className="mb-4">
            <ErrorNote title="The broker refused it">{reasonOf(request.error)}</ErrorNote>
          </div>
        )}
        <FormFields form={form}>{children}</FormFields>
      </form>
    </FormProvider>
  );
}

/** The button that sends: a part of its own, because whether a form is right is told anew with each key. */
function SubmitButton({ busy, children }: { busy: boolean; children: string }) {
  const { isValid } = useFormState();
  return (
    <Button type="submit" kind="primary" disabled={!isValid} busy={busy}>
      {children}
    </Button>
  );
}

/** The fields of a form, which take nothing before it can keep it. */
export function FormFields<V extends FieldValues>({ form, children }: { form: PageForm<V>; children: ReactNode }) {
  return (
    <fieldset disabled={!form.isRead} className="contents">
      {children}
    </fieldset>
  );
}

/** Says that a form is not as it is at first, where somebody had begun it. */
export function RestoredNote<V extends FieldValues>({ form }: { form: PageForm<V> }) {
  if (!form.isRestored) return null;
  return (
    <>
      As you left it.{' '}
      <button type="button" className="font-medium text-accent hover:underline" onClick={form.startAnew}>
        Start anew
      </button>
    </>
  );
}
