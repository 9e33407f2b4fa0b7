'use client';
/** What a page shows of the messages of a queue, as its address has it. */
import { ChevronLeft, ChevronRight, Inbox } from 'lucide-react';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { formatCount } from '../../lib/client/formats.ts';
import { isFiltered, type MessageFilter, useMessageFilter } from '../../lib/client/message-filter.ts';
import { urlText, urlWords, useUrlState } from '../../lib/client/url-state.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

export const MESSAGE_LIST = {
  /** Where each page after the first begins, down to the one that is shown. */
  pages: urlWords,
  hide: urlWords,
  /** Positions of messages. */
  selected: urlWords,
  opened: urlText,
};
const SCHEMA = z.object(MESSAGE_LIST);
type State = z.output<typeof SCHEMA>;

export interface MessageList extends State {
  /** Where the page begins; undefined: at the head. */
  from: string | undefined;
  filter: MessageFilter;
  searching: boolean;
  /** What is asked, as a text. */
  question: string;
  change: (changes: Partial<State>) => void;
  turn: (pages: string[]) => void;
  look: (changes: { [part in keyof MessageFilter]: string }) => void;
}

export function useMessageList(): MessageList {
  const [state, change] = useUrlState(SCHEMA);
  const [filter, changeFilter] = useMessageFilter();
  const from = state.pages.at(-1);
  const turn = (pages: string[]) => change({ pages, selected: [] });
  return {
    ...state,
    from,
    filter,
    searching: isFiltered(filter),
    question: `${JSON.stringify(filter)} ${from ?? ''}`,
    change,
    turn,
    look: (changes) => {
      turn([]);
      changeFilter(changes);
    },
  };
}

/** A page without messages, of a queue in which `ready` are. `children`: the same of its first page. */
export function NoMessages({ list, ready, children }: { list: MessageList; ready: number; children: ReactNode }) {
  if (list.searching || list.from === undefined) return children;
  return (
    <EmptyState
      icon={Inbox}
      title="Nothing here any more"
      actions={<Button onClick={() => list.turn([])}>Back to the head</Button>}
    >
      The messages of this page have been taken; {formatCount(ready)} are ready.
    </EmptyState>
  );
}

/** To the pages before and after. `next`: where the one after begins; null: there is none. */
export function MessageTurns({ list: { pages, turn }, next }: { list: MessageList; next: string | null }) {
  return (
    <>
      <Button
        kind="quiet"
        size="icon"
        aria-label="Nearer to the head"
        disabled={pages.length === 0}
        onClick={() => turn(pages.slice(0, -1))}
      >
        <ChevronLeft aria-hidden />
      </Button>
      <Button
        kind="quiet"
        size="icon"
        aria-label="Further from the head"
        disabled={next === null}
        onClick={() => next !== null && turn([...pages, next])}
      >
        <ChevronRight aria-hidden />
      </Button>
    </>
  );
}
