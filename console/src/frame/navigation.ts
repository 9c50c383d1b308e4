/** The pages there are, in the order of the side navigation. A page that does not exist yet is not listed. */

export interface Destination {
  readonly text: string;
  readonly href: string;
}

export const DESTINATIONS = [
  { text: 'WorkSpaces', href: '/workspaces' },
  { text: 'Sync', href: '/sync/runs' },
] as const satisfies readonly Destination[];

/** The destination a path belongs to. */
export const destinationOf = (path: string): Destination | undefined =>
  DESTINATIONS.find(({ href }) => path === href || path.startsWith(`${href}/`));
