'use client';
import { usePathname } from 'next/navigation';
import { useEffect, useState } from 'react';
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
  useWatch,
} from 'react-hook-form';
import * as z from 'zod/mini';
import { keepDraft, keptDraft } from '../../lib/client/drafts.ts';

const NOTHING: readonly string[] = [];

export interface PageForm<V extends FieldValues> extends UseFormReturn<V> {
  /** It was begun before, and is as it was left. */
  isRestored: boolean;
  /** Sent: what was typed need not be kept any more. */
  sent: () => void;
  /** Gives up what was typed. */
  startAnew: () => void;
}

/**
 * The state of a form: what its fields hold, checked by the schema at each change. What differs from `defaults` survives
 * a reload and a look at another page; `defaults` may change as long as a field has not been touched.
 */
export function usePageForm<V extends FieldValues>({
  name,
  schema,
  defaults,
  inAddress = NOTHING,
}: {
  /** Of the form, among all of the console. */
  name: string;
  /** A constant of the page. */
  schema: z.ZodMiniType<unknown, V>;
  defaults: V;
  /** Fields that the address of the page holds: they are not kept a second time. A constant of the page. */
  inAddress?: readonly string[];
}): PageForm<V> {
  const address = usePathname();
  const [isRestored, setIsRestored] = useState(false);
  const form = useForm<V>({
    defaultValues: defaults as DefaultValues<V>,
    values: defaults,
    resetOptions: { keepDirtyValues: true },
    resolver: resolverOf<V>(schema),
    mode: 'onChange',
  });
  const { setValue, reset, trigger, control } = form;
  const { dirtyFields } = form.formState;
  const values = useWatch({ control });
  const [isRead, setIsRead] = useState(false);
  useEffect(() => {
    const kept = Object.entries(keptDraft(name, address) ?? {}).filter(([field]) => !inAddress.includes(field));
    for (const [field, value] of kept)
      setValue(field as Path<V>, value as PathValue<V, Path<V>>, { shouldDirty: true });
    setIsRestored(kept.length > 0);
    setIsRead(true);
  }, [name, address, inAddress, setValue]);
  useEffect(() => {
    if (!isRead) return;
    keepDraft(
      name,
      address,
      Object.fromEntries(
        Object.entries(values).filter(([key]) => isDirty(dirtyFields, key) && !inAddress.includes(key)),
      ),
    );
    // What is wrong with one field may depend on another.
    void trigger();
  }, [name, address, inAddress, isRead, values, dirtyFields, trigger]);
  const sent = () => {
    keepDraft(name, address, {});
    setIsRestored(false);
  };
  return {
    ...form,
    isRestored,
    sent,
    startAnew: () => {
      reset(defaults, { keepDirtyValues: false });
      sent();
    },
  };
}

/** True where the field, or anything in it, has been changed. */
function isDirty(dirtyFields: object, key: string): boolean {
  const dirty: unknown = (dirtyFields as Record<string, unknown>)[key];
  return typeof dirty === 'object' && dirty !== null
    ? Object.keys(dirty).some((one) => isDirty(dirty, one))
    : dirty === true;
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
