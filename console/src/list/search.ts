/**
 * The state of a list page as it stands in the URL. The names are those of the API's list parameters, so that a
 * page's address and the call it makes read alike; defaults are left out.
 */

/** How many rows a page may hold. The API allows up to 500. */
export const PAGE_SIZES = [50, 100, 500] as const;

const DEFAULT_PAGE_SIZE = 50;

/** Every part is optional: an address without parameters is the list as it opens. */
export interface ListSearch {
  /** A filter in the filter grammar. */
  readonly filter?: string;
  /** A column, descending with a leading minus. */
  readonly sort?: string;
  /** Shown columns in their order, separated by commas. */
  readonly cols?: string;
  /** Rows a page. */
  readonly limit?: number;
  /** Where the page begins, as the API gave it. */
  readonly cursor?: string;
  /** Ids of the selected rows, separated by commas. */
  readonly sel?: string;
}

/** Reads the parameters of an address, whatever stands there. Unknown parameters are dropped. */
export function parseListSearch(raw: Readonly<Record<string, unknown>>): ListSearch {
  const limit = PAGE_SIZES.find((size) => String(size) === String(raw.limit));
  return defined({
    filter: textOf(raw.filter),
    sort: textOf(raw.sort),
    cols: textOf(raw.cols),
    limit: limit === DEFAULT_PAGE_SIZE ? undefined : limit,
    cursor: textOf(raw.cursor),
    sel: textOf(raw.sel),
  });
}

/** The parameters of the API call that an address stands for. */
export interface ListParameters {
  readonly filter?: string;
  readonly sort?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** What to ask the API for; columns and selection do not change the rows. */
export function listParameters({ filter, sort, limit, cursor }: ListSearch): ListParameters {
  return { ...defined({ filter, sort, cursor }), limit: limit ?? DEFAULT_PAGE_SIZE };
}

/** `a,b` -> `['a', 'b']`; absent -> none. */
export const listOf = (joined: string | undefined): readonly string[] => joined?.split(',').filter(Boolean) ?? [];

/** The opposite of `listOf`; nothing for an empty list. */
export const joined = (parts: readonly string[]): string | undefined => (parts.length === 0 ? undefined : parts.join(','));

/** Sorting as a table wants it. */
export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

export function parseSort(sort: string | undefined): Sorting | undefined {
  if (sort === undefined) return undefined;
  const descending = sort.startsWith('-');
  return { column: descending ? sort.slice(1) : sort, descending };
}

export const printSort = ({ column, descending }: Sorting): string => `${descending ? '-' : ''}${column}`;

const textOf = (value: unknown): string | undefined =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;

/** The object without its undefined members, so that they do not show in the address. */
function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in object) {
    const value = object[key];
    if (isDefined(value)) kept[key] = value;
  }
  return kept;
}

const isDefined = <T,>(value: T): value is Exclude<T, undefined> => value !== undefined;
