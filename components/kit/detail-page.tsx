'use client';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ButtonLink } from '../ui/button.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Loaded, shownOf } from './loaded.tsx';

/** A page of one thing: its name below the list that it is in, what can be done with it, and what is known of it. */
export function DetailPage<T>({
  title,
  parent,
  noun,
  query,
  badges,
  actions,
  children,
}: {
  title: string;
  parent: { label: string; href: string };
  noun: string;
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'dataUpdatedAt'>;
  badges?: (thing: T) => ReactNode;
  actions?: (thing: T) => ReactNode;
  children: (thing: T) => ReactNode;
}) {
  const shown = shownOf(query);
  return (
    <>
      <PageHeader
        title={title}
        parent={parent}
        badges={shown !== undefined && badges?.(shown)}
        actions={shown !== undefined && actions?.(shown)}
      />
      <Loaded
        query={query}
        noun={noun}
        absentActions={<ButtonLink href={parent.href}>All {parent.label.toLowerCase()}</ButtonLink>}
      >
        {children}
      </Loaded>
    </>
  );
}
