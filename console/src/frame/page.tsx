/**
 * The frame of every page: navigation, breadcrumbs, messages, help, the panel from below or beside.
 *
 * A page renders it around its content and says what it is called; the title of the window, the focus on the heading
 * after navigation and its announcement follow from that.
 */

import AppLayoutToolbar from '@cloudscape-design/components/app-layout-toolbar';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Flashbar from '@cloudscape-design/components/flashbar';
import HelpPanel from '@cloudscape-design/components/help-panel';
import LiveRegion from '@cloudscape-design/components/live-region';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import { useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';

import { useMediaQuery } from '@/ui/use-media-query';

import { useHeadingFocus } from './heading-focus';
import { useKeys } from './keys';
import { DESTINATIONS, destinationOf } from './navigation';
import { useNotifications } from './notifications';
import { useReachabilityBanner } from './reachability-banner';

export interface PageProps {
  /** The page: "WorkSpaces". */
  readonly name: string;
  /** The one thing it shows, where it shows one: a run's id. */
  readonly thing?: string;
  /** Pages above this one. The page itself is added. */
  readonly above?: readonly { readonly text: string; readonly href: string }[];
  /** What the page shows and what its words mean. */
  readonly help: ReactNode;
  readonly contentType?: 'default' | 'table' | 'cards';
  /** A `SplitPanel`, while something is selected. */
  readonly panel?: ReactNode;
  readonly onPanelClose?: () => void;
  readonly children: ReactNode;
}

export function Page({ name, thing, above = [], help, contentType = 'default', panel, onPanelClose, children }: PageProps) {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const { items } = useNotifications();
  const banner = useReachabilityBanner();
  const [navigationOpen, setNavigationOpen] = useNavigationOpen();
  const [toolsOpen, setToolsOpen] = useState(false);
  const [panelSize, setPanelSize] = useState(480);
  const [panelPosition, setPanelPosition] = useState<'side' | 'bottom'>();
  const wide = useMediaQuery('(min-width: 900px)');
  const title = [thing, name].filter(Boolean).join(', ');
  useHeadingFocus();
  useKeys('?', () => setToolsOpen((open) => !open));
  useEffect(() => {
    document.title = `${title}, deskfleet`;
  }, [title]);

  return (
    <>
      <LiveRegion hidden>{title}</LiveRegion>
      <AppLayoutToolbar
        headerSelector="#top"
        contentType={contentType}
        navigation={<Navigation path={path} />}
        navigationOpen={navigationOpen}
        onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
        breadcrumbs={<BreadcrumbGroup items={[...above, { text: thing ?? name, href: path }]} />}
        notifications={<Flashbar items={[...banner, ...items]} />}
        stickyNotifications
        tools={<HelpPanel header={<h2>{name}</h2>} footer={<KeyHelp />}>{help}</HelpPanel>}
        toolsOpen={toolsOpen}
        onToolsChange={({ detail }) => setToolsOpen(detail.open)}
        splitPanel={panel}
        splitPanelOpen={panel !== undefined && panel !== null}
        splitPanelSize={panelSize}
        splitPanelPreferences={{ position: panelPosition ?? (wide ? 'side' : 'bottom') }}
        onSplitPanelPreferencesChange={({ detail }) => setPanelPosition(detail.position)}
        onSplitPanelResize={({ detail }) => setPanelSize(detail.size)}
        onSplitPanelToggle={({ detail }) => !detail.open && onPanelClose?.()}
        content={children}
      />
    </>
  );
}

function Navigation({ path }: { readonly path: string }) {
  return (
    <SideNavigation
      header={{ text: 'deskfleet', href: '/' }}
      activeHref={destinationOf(path)?.href ?? path}
      items={DESTINATIONS.map(({ text, href }) => ({ type: 'link', text, href }))}
    />
  );
}

function KeyHelp() {
  return (
    <>
      <h3>Keys</h3>
      <p>
        <kbd>/</kbd> filter, <kbd>r</kbd> refresh, <kbd>?</kbd> help,{' '}
        {DESTINATIONS.map(({ text, key }, index) => (
          <span key={key}>
            {index > 0 && ', '}
            <kbd>g</kbd> <kbd>{key}</kbd> {text}
          </span>
        ))}
        . The menu with your name switches them off.
      </p>
    </>
  );
}

/** Open on wide screens, closed on narrow ones, then as the person leaves it; shared by all pages. */
let openChoice: boolean | undefined;

function useNavigationOpen(): [boolean, (open: boolean) => void] {
  const wide = useMediaQuery('(min-width: 900px)');
  const [choice, setChoice] = useState(openChoice);
  const choose = (open: boolean): void => {
    openChoice = open;
    setChoice(open);
  };
  return [choice ?? wide, choose];
}
