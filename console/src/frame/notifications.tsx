/** Messages about what this person just did; they stand above the page until dismissed. */

import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import type { ReactNode } from 'react';
import { createContext, useCallback, useContext, useMemo, useState } from 'react';

export interface Notification {
  /** A second notification with the same id takes the first one's place. */
  readonly id: string;
  readonly type: 'success' | 'info' | 'warning' | 'error';
  readonly content: ReactNode;
}

interface Notifications {
  readonly items: FlashbarProps.MessageDefinition[];
  readonly notify: (notification: Notification) => void;
}

const NotificationsContext = createContext<Notifications>({ items: [], notify: () => undefined });

export function NotificationsProvider({ children }: { readonly children: ReactNode }) {
  const [shown, setShown] = useState<readonly Notification[]>([]);
  const dismiss = useCallback((id: string) => setShown((before) => before.filter((other) => other.id !== id)), []);
  const notify = useCallback(
    (notification: Notification) =>
      setShown((before) => [notification, ...before.filter((other) => other.id !== notification.id)]),
    [],
  );
  const value = useMemo(
    () => ({
      notify,
      items: shown.map(
        (notification): FlashbarProps.MessageDefinition => ({
          ...notification,
          dismissible: true,
          dismissLabel: 'Dismiss',
          onDismiss: () => dismiss(notification.id),
        }),
      ),
    }),
    [shown, notify, dismiss],
  );
  return <NotificationsContext value={value}>{children}</NotificationsContext>;
}

/** The messages shown now, and how to show one more. */
export const useNotifications = (): Notifications => useContext(NotificationsContext);
