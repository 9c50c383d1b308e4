/**
 * Between the filter tree and the tokens of Cloudscape's filter bar.
 *
 * A token holds one text. Plain values stand there as they are; what the grammar would read differently (a list,
 * the text "unknown", a text in quotes) stands in the grammar's own notation, so that both ways agree.
 *
 * Who types or pastes a whole filter (`region = us-east-1 and state = stopped`) gets one token from Cloudscape, with
 * everything behind the first operator as its value. Such a token is read as the filter that was meant.
 */

import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

import type { Comparison, Group, Operator, Term, TwoLevels, Value } from '@/filter';
import { OPERATORS, parse, printValue, text, UNKNOWN } from '@/filter';

type TokenOrGroup = PropertyFilterProps.Token | PropertyFilterProps.TokenGroup;

/** Whether the tokens of a property hold a list of values rather than one text. */
export type HoldsList = (property: string, operator: string) => boolean;

/** The tokens that draw a filter. */
export function toQuery({ connective, terms }: TwoLevels, holdsList: HoldsList): PropertyFilterProps.Query {
  const opposite = connective === 'and' ? 'or' : 'and';
  return {
    operation: connective,
    tokens: [],
    tokenGroups: terms.map((term): TokenOrGroup =>
      isComparison(term)
        ? toToken(term, holdsList)
        : { operation: opposite, tokens: term.map((inner) => toToken(inner, holdsList)) },
    ),
  };
}

/** What a list can be filtered by. */
export interface Properties {
  /** The names of all properties. */
  readonly known: ReadonlySet<string>;
  /** Text without a property is looked for in these. */
  readonly searched: readonly string[];
}

/** The filter that tokens stand for. */
export function fromQuery(query: PropertyFilterProps.Query, properties: Properties): Group {
  return {
    kind: 'group',
    connective: query.operation,
    terms: (query.tokenGroups ?? query.tokens).map((token) => toTerm(token, properties)),
  };
}

const isComparison = (term: TwoLevels['terms'][number]): term is Comparison => 'kind' in term;

function toToken({ property, operator, values }: Comparison, holdsList: HoldsList): PropertyFilterProps.Token {
  const written = (of: readonly Value[]): string => notation(of, `${property} ${operator}`);
  return { propertyKey: property, operator, value: holdsList(property, operator) ? values.map((one) => written([one])) : written(values) };
}

function toTerm(token: TokenOrGroup, properties: Properties): Term {
  if ('tokens' in token) {
    return { kind: 'group', connective: token.operation, terms: token.tokens.map((inner) => toTerm(inner, properties)) };
  }
  const whole = wholeFilter(token);
  if (whole !== undefined && comparisonsIn(whole).every(({ property }) => properties.known.has(property))) return whole;
  const operator: Operator = OPERATORS.find((known) => known === token.operator) ?? '=';
  const values = valuesOf(token.value);
  if (token.propertyKey !== undefined) return { kind: 'comparison', property: token.propertyKey, operator, values };
  return {
    kind: 'group',
    connective: operator.startsWith('!') ? 'and' : 'or',
    terms: properties.searched.map((property) => ({ kind: 'comparison', property, operator, values })),
  };
}

/** The filter that a token's text is as a whole; `undefined` where it is a plain value or a plain text to look for. */
function wholeFilter({ propertyKey, operator, value }: PropertyFilterProps.Token): Group | undefined {
  const typed: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (typeof typed !== 'string') return undefined;
  if (propertyKey !== undefined) return severalTerms(`${propertyKey} ${operator} ${typed}`);
  const parsed = operator === ':' && typed.trim() !== '' ? parse(typed) : undefined;
  return parsed?.ok === true ? parsed.filter : undefined;
}

function severalTerms(source: string): Group | undefined {
  const parsed = parse(source);
  return parsed.ok && parsed.filter.terms.length > 1 ? parsed.filter : undefined;
}

const comparisonsIn = (group: Group): Comparison[] =>
  group.terms.flatMap((term) => (term.kind === 'comparison' ? [term] : comparisonsIn(term)));

/** A token's text for one value or several that stand behind `comparison`, a property and an operator. */
function notation(values: readonly Value[], comparison: string): string {
  const [only] = values;
  if (values.length !== 1 || only === undefined) return `(${values.map(printValue).join(', ')})`;
  if (only.kind === 'unknown') return 'unknown';
  const isReadOtherwise = only.text === 'unknown' || /^["(]/.test(only.text) || severalTerms(`${comparison} ${only.text}`) !== undefined;
  return isReadOtherwise ? printValue(only) : only.text;
}

function valuesOf(token: unknown): Value[] {
  if (Array.isArray(token)) return token.flatMap(valuesOf);
  const written = typeof token === 'string' ? token.trim() : JSON.stringify(token ?? '');
  if (written === 'unknown') return [UNKNOWN];
  if (!/^["(]/.test(written)) return [text(written)];
  const parsed = parse(`value = ${written}`);
  const term = parsed.ok ? parsed.filter.terms[0] : undefined;
  return term?.kind === 'comparison' ? [...term.values] : [text(written)];
}
