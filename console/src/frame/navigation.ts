/** The pages there are, in the order of the side navigation. A page that does not exist yet is not listed. */

export interface Destination {
  readonly text: string;
  readonly href: string;
  /** The letter that leads there after `g`. */
  readonly key: string;
}

export const DESTINATIONS: readonly Destination[] = [
  { text: 'WorkSpaces', href: '/workspaces', key: 'w' },
  { text: 'Sync', href: '/sync/runs', key: 'y' },
];

/** The destination a path belongs to. */
export const destinationOf = (path: string): Destination | undefined =>
  DESTINATIONS.find(({ href }) => path === href || path.startsWith(`${href}/`));
