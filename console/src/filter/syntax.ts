/**
 * The filter as a tree: what the parser makes of the text, what the printer turns back into text.
 *
 * The text stands in the page's URL and in the API's `filter` parameter, letter for letter the same.
 * Nothing here knows which properties exist or what type they have: the API decides that.
 */

/** How the terms of one level belong together; a level never mixes the two. */
export type Connective = 'and' | 'or';

/** Every comparison the grammar knows, longest spelling first so that a scanner may try them in order. */
export const OPERATORS = ['!=', '!:', '>=', '<=', '=', ':', '^', '>', '<'] as const;

/** `:` contains, `!:` does not contain, `^` starts with; the rest as in arithmetic. */
export type Operator = (typeof OPERATORS)[number];

/** One value. The bare word `unknown` means "not observed"; the text "unknown" has to be quoted. */
export type Value = { readonly kind: 'unknown' } | { readonly kind: 'text'; readonly text: string };

/** One property compared with one value, or with a list of values (only `=` and `!=` take lists). */
export interface Comparison {
  readonly kind: 'comparison';
  readonly property: string;
  readonly operator: Operator;
  /** Never empty. More than one value prints as a list. */
  readonly values: readonly Value[];
}

/** Terms joined by one connective. The empty group is the empty filter, which matches everything. */
export interface Group {
  readonly kind: 'group';
  readonly connective: Connective;
  readonly terms: readonly Term[];
}

export type Term = Comparison | Group;

/** The value "not observed". */
export const UNKNOWN: Value = { kind: 'unknown' };

/** A value that was observed. */
export const text = (value: string): Value => ({ kind: 'text', text: value });

/** The filter that matches everything. */
export const EVERYTHING: Group = { kind: 'group', connective: 'and', terms: [] };

/** Whether an operator may be followed by a list of values. */
export const takesList = (operator: Operator): boolean => operator === '=' || operator === '!=';

/** Characters a value may hold without quotes. */
export const WORD = /^[A-Za-z0-9_\-.:/@+]+$/;
