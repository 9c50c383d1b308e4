/** `g` and a letter: the pages by keyboard. */

import { useRouter } from '@tanstack/react-router';

import { useKeys } from './keys';
import type { Destination } from './navigation';
import { DESTINATIONS } from './navigation';

export function NavigationKeys() {
  return DESTINATIONS.map((destination) => <NavigationKey key={destination.href} destination={destination} />);
}

function NavigationKey({ destination }: { readonly destination: Destination }) {
  const { history } = useRouter();
  useKeys(`g ${destination.key}`, () => history.push(destination.href));
  return null;
}
