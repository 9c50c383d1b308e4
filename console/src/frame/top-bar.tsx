/** The bar over every page: the name of the console and the menu of the person. */

import type { ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown';
import TopNavigation from '@cloudscape-design/components/top-navigation';

import type { Me } from '@/api/model';
import type { ModeChoice } from '@/appearance/appearance';
import { DENSITIES, MODES, setAppearance, useAppearance } from '@/appearance/appearance';

const MODE_NAMES: Readonly<Record<ModeChoice, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };

export interface TopBarProps {
  readonly me: Me;
  readonly onSignOut: () => void;
}

export function TopBar({ me, onSignOut }: TopBarProps) {
  const { mode, density, singleKeys } = useAppearance();
  const items: ButtonDropdownProps.Items = [
    {
      text: 'Mode',
      items: MODES.map((choice) => ({ itemType: 'checkbox', id: `mode:${choice}`, text: MODE_NAMES[choice], checked: choice === mode })),
    },
    {
      text: 'Density',
      items: [{ itemType: 'checkbox', id: 'compact', text: 'Compact', checked: density === 'compact' }],
    },
    {
      text: 'Keyboard',
      items: [{ itemType: 'checkbox', id: 'single-keys', text: 'Single keys (/ r ? g)', checked: singleKeys }],
    },
    { id: 'sign-out', text: 'Sign out' },
  ];
  const choose = (id: string): void => {
    if (id === 'sign-out') onSignOut();
    const chosen = MODES.find((choice) => id === `mode:${choice}`);
    if (chosen !== undefined) setAppearance({ mode: chosen });
    if (id === 'single-keys') setAppearance({ singleKeys: !singleKeys });
    if (id === 'compact') setAppearance({ density: DENSITIES.find((other) => other !== density) ?? density });
  };
  return (
    <div id="top" className="top-bar">
      <TopNavigation
        identity={{ href: '/', title: 'deskfleet' }}
        utilities={[
          {
            type: 'menu-dropdown',
            text: me.displayName,
            description: `${me.username}, ${me.role}`,
            iconName: 'user-profile',
            ariaLabel: `Menu of ${me.displayName}`,
            items,
            onItemClick: ({ detail }) => choose(detail.id),
          },
        ]}
      />
    </div>
  );
}
