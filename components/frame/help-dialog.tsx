'use client';
import type { ReactNode } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { PLACES } from './sidebar.tsx';

const KEYS: readonly [string, string][] = [
  ['/', 'Go to the filter of the page'],
  ['r', 'Refresh now'],
  ['p', 'Pause or resume refreshing'],
  ['t', 'Light or dark'],
  ['j', 'Next in the list, when one is open'],
  ['k', 'Previous in the list, when one is open'],
  ['?', 'This help'],
  ['Esc', 'Close, or empty the filter'],
];

const WORDS: readonly [string, string][] = [
  ['Ready', 'waits in the queue for a consumer'],
  ['Unacked', 'delivered, not acknowledged yet; goes back to the queue if the consumer dies'],
  ['Dead letter', 'rejected, expired or pushed out of a full queue, and sent to a dead-letter exchange'],
  ['Unroutable', 'published, but no binding matched: no queue took it'],
];

export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard and words" layout="wide">
      <div className="grid gap-6 sm:grid-cols-2">
        <Section title="Go to">
          {PLACES.map(({ label, letter }) => (
            <Shortcut key={letter} keys={['g', letter]} does={label} />
          ))}
        </Section>
        <Section title="Act">
          {KEYS.map(([key, does]) => (
            <Shortcut key={key} keys={[key]} does={does} />
          ))}
        </Section>
        <div className="sm:col-span-2">
          <h3 className="mb-2 font-semibold text-sm">Words</h3>
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
            {WORDS.map(([word, meaning]) => (
              <div key={word} className="contents">
                <dt className="font-medium">{word}</dt>
                <dd className="text-muted">{meaning}</dd>
              </div>
            ))}
          </dl>
        </div>
        <p className="text-muted text-sm sm:col-span-2">
          Programs ask the same over HTTP:{' '}
          <a className="text-accent underline" href="/api-docs">
            the management API
          </a>
        </p>
      </div>
    </Dialog>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="mb-2 font-semibold text-sm">{title}</h3>
      <ul className="flex flex-col gap-1">{children}</ul>
    </div>
  );
}

function Shortcut({ keys, does }: { keys: readonly string[]; does: string }) {
  return (
    <li className="flex items-center justify-between gap-4">
      <span className="text-muted">{does}</span>
      <span className="flex gap-1">
        {keys.map((key) => (
          <kbd
            key={key}
            className="min-w-5 rounded-sm border border-line-strong bg-surface px-1 text-center font-medium text-2xs"
          >
            {key}
          </kbd>
        ))}
      </span>
    </li>
  );
}
