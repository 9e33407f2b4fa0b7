'use client';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

interface Toast {
  id: number;
  tone: 'good' | 'danger';
  text: ReactNode;
}

const SHOWN_MS = 6000;
const ToastContext = createContext<(tone: Toast['tone'], text: ReactNode) => void>(() => undefined);

let lastId = 0;

/** Says what became of an act, and goes by itself. What must be read stands on the page instead. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const dismiss = useCallback((id: number) => setToasts((list) => list.filter((toast) => toast.id !== id)), []);
  const show = useCallback(
    (tone: Toast['tone'], text: ReactNode) => {
      const id = ++lastId;
      setToasts((list) => [...list.slice(-3), { id, tone, text }]);
      setTimeout(() => dismiss(id), SHOWN_MS);
    },
    [dismiss],
  );
  const value = useMemo(() => show, [show]);
  return (
    <ToastContext.Provider value={value}>
      {children}
      <div
        aria-live="polite"
        role="status"
        className="pointer-events-none fixed right-4 bottom-4 z-50 flex w-80 flex-col gap-2"
      >
        {toasts.map(({ id, tone, text }) => (
          <div
            key={id}
            className="pointer-events-auto flex animate-[rise-in_120ms_ease-out] items-start gap-2 rounded-md border border-line bg-raised px-3 py-2 shadow-float"
          >
            {tone === 'good' ? (
              <CircleCheck className="mt-0.5 size-4 shrink-0 text-good" aria-hidden />
            ) : (
              <CircleAlert className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
            )}
            <div className="min-w-0 flex-1 break-words">{text}</div>
            <button
              type="button"
              aria-label="Dismiss"
              onClick={() => dismiss(id)}
              className="rounded-sm text-muted hover:text-ink"
            >
              <X className="size-3.5" aria-hidden />
            </button>
          </div>
        ))}
      </div>
    </ToastContext.Provider>
  );
}

export function useToast() {
  return useContext(ToastContext);
}
