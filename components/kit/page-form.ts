'use client';
import { usePathname } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import {
  type DefaultValues,
  type FieldErrors,
  type FieldValues,
  type Path,
  type PathValue,
  type Resolver,
  set,
  type UseFormReturn,
  useForm,
} from 'react-hook-form';
import * as z from 'zod/mini';
import { begunFields, keepDraft, keptDraft } from '../../lib/client/drafts.ts';

const NOTHING: readonly string[] = [];
/** Between a change and the writing of the draft, so that a quick hand is not slowed down by it. */
const KEEP_AFTER_MS = 300;

export interface PageForm<V extends FieldValues> extends UseFormReturn<V> {
  /** The kept draft has been read. Before, as in the page that the server sent, what is typed would be lost. */
  isRead: boolean;
  /** The form was begun before, and is as it was left. */
  isRestored: boolean;
  /** Keeps no draft of the form any more: call when the form is sent, or given up with the page. */
  forget: () => void;
  /** Gives up what was typed. */
  startAnew: () => void;
}

/** The schema of a form: its fields, each by itself, and what is wrong with them together. */
type FormSchema<V> = z.ZodMiniType<unknown, V> & { shape: Record<string, z.ZodMiniType> };

/**
 * The state of a form: what its fields hold, checked by the schema after each change. What differs from `defaults`
 * survives a reload and a look at another page; `defaults` may change as long as a field has not been touched.
 */
export function usePageForm<V extends FieldValues>({
  name,
  schema,
  defaults,
  inAddress = NOTHING,
}: {
  /** The form's own, among all of the console. */
  name: string;
  /** A constant of the page. */
  schema: FormSchema<V>;
  defaults: V;
  /** Fields that the address of the page holds: they are not kept a second time. A constant of the page. */
  inAddress?: readonly string[];
}): PageForm<V> {
  const address = usePathname();
  const [isRead, setIsRead] = useState(false);
  const [isRestored, setIsRestored] = useState(false);
  const form = useForm<V>({
    defaultValues: defaults as DefaultValues<V>,
    values: defaults,
    resetOptions: { keepDirtyValues: true },
    resolver: resolverOf<V>(schema),
    // Changes are checked below, all fields at once: what is wrong with one may depend on another.
    mode: 'onBlur',
    reValidateMode: 'onBlur',
  });
  const { setValue, reset, trigger, subscribe } = form;
  /** Writes what has changed; null: all is written. */
  const pending = useRef<(() => void) | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isCheckDue = false;
    const write = () => {
      pending.current?.();
      pending.current = null;
    };
    const check = () => {
      isCheckDue = false;
      void trigger();
    };
    const unsubscribe = subscribe({
      formState: { values: true, dirtyFields: true },
      callback: ({ values, defaultValues }) => {
        pending.current = () => keepDraft(name, address, begunFields(values, defaultValues ?? {}, inAddress));
        clearTimeout(timer);
        timer = setTimeout(write, KEEP_AFTER_MS);
        // One change is told in several parts.
        if (!isCheckDue) queueMicrotask(check);
        isCheckDue = true;
      },
    });
    const kept = Object.entries(keptDraft(name, address) ?? {}).filter(
      ([field, value]) => !inAddress.includes(field) && fits(schema, field, value),
    );
    for (const [field, value] of kept)
      setValue(field as Path<V>, value as PathValue<V, Path<V>>, { shouldDirty: true });
    setIsRestored(kept.length > 0);
    setIsRead(true);
    window.addEventListener('pagehide', write);
    return () => {
      unsubscribe();
      clearTimeout(timer);
      window.removeEventListener('pagehide', write);
      write();
    };
  }, [name, address, schema, inAddress, setValue, subscribe, trigger]);
  const forget = () => {
    pending.current = null;
    keepDraft(name, address, {});
    setIsRestored(false);
  };
  return {
    ...form,
    isRead,
    isRestored,
    forget,
    startAnew: () => {
      reset(defaults, { keepDirtyValues: false });
      forget();
    },
  };
}

/** Whether a field can hold it, right or wrong: a draft may be of another release. */
function fits(schema: FormSchema<unknown>, field: string, value: unknown): boolean {
  const shape = Object.hasOwn(schema.shape, field) ? schema.shape[field] : undefined;
  return shape !== undefined && z.safeParse(shape, value).success;
}

function resolverOf<V extends FieldValues>(schema: z.ZodMiniType<unknown, V>): Resolver<V> {
  return (values) => {
    const { error } = z.safeParse(schema, values);
    if (error === undefined) return { values, errors: {} };
    const errors: FieldErrors<V> = {};
    for (const { path, message } of error.issues) set(errors, path.join('.'), { type: 'schema', message });
    return { values: {}, errors };
  };
}
