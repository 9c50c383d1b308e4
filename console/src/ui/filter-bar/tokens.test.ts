import { describe, expect, it } from 'vitest';

import { parse, print, twoLevels } from '@/filter';
import { merge } from '@/filter/two-levels';

import { fromQuery, toQuery } from './tokens';

const holdsList = (property: string): boolean => property === 'state';
const PROPERTIES = { known: new Set(['id', 'userName', 'state', 'region', 'lastConnectedAt']), searched: ['id', 'userName'] };

/** The filter of one token, as Cloudscape makes it of typed text. */
function ofToken(token: { propertyKey?: string; operator: string; value: unknown }): string {
  return print(merge(fromQuery({ operation: 'and', tokens: [], tokenGroups: [token] }, PROPERTIES)));
}

function throughTheBar(source: string): string | undefined {
  const parsed = parse(source);
  const drawn = parsed.ok ? twoLevels(parsed.filter) : undefined;
  return drawn && print(merge(fromQuery(toQuery(drawn, holdsList), PROPERTIES)));
}

describe('tokens', () => {
  it.each([
    'state = (available, stopped) and region = us-east-1',
    'state = unknown',
    'userName = unknown or userName = "unknown"',
    'userName = (a, "b c")',
    'userName = "\\"quoted\\""',
    'lastConnectedAt < 30d and (state = error or state = unhealthy)',
    'userName : "two words"',
    'userName : "ada and state = stopped"',
  ])('%s comes back unchanged', (source) => {
    expect(throughTheBar(source)).toBe(source);
  });

  it('of a list hold several values', () => {
    const parsed = parse('state = (available, unknown)');
    const drawn = parsed.ok ? twoLevels(parsed.filter) : undefined;
    expect(drawn && toQuery(drawn, holdsList).tokenGroups).toEqual([
      { propertyKey: 'state', operator: '=', value: ['available', 'unknown'] },
    ]);
  });

  it('without a property search everywhere', () => {
    const query = { operation: 'and' as const, tokens: [], tokenGroups: [{ operator: ':', value: 'ada' }] };
    expect(print(merge(fromQuery(query, PROPERTIES)))).toBe('id : ada or userName : ada');
  });

  it('that exclude text exclude it everywhere', () => {
    const query = { operation: 'or' as const, tokens: [], tokenGroups: [{ operator: '!:', value: 'ada' }] };
    expect(print(merge(fromQuery(query, PROPERTIES)))).toBe('id !: ada and userName !: ada');
  });

  it.each([
    [{ propertyKey: 'region', operator: '=', value: 'eu-central-1 and state = stopped' }, 'region = eu-central-1 and state = stopped'],
    [{ propertyKey: 'state', operator: '=', value: ['stopped or state = error'] }, 'state = stopped or state = error'],
    [{ operator: ':', value: 'lastConnectedAt < 30d' }, 'lastConnectedAt < 30d'],
    [{ operator: ':', value: '(state = error or state = unhealthy) and id ^ ws-' }, '(state = error or state = unhealthy) and id ^ ws-'],
  ])('into which a whole filter was typed are that filter: %o', (token, filter) => {
    expect(ofToken(token)).toBe(filter);
  });

  it.each([
    [{ propertyKey: 'userName', operator: ':', value: 'salt and pepper = good' }, 'userName : "salt and pepper = good"'],
    [{ propertyKey: 'userName', operator: ':', value: '"ada and state = stopped"' }, 'userName : "ada and state = stopped"'],
    [{ operator: ':', value: 'regoin = x' }, 'id : "regoin = x" or userName : "regoin = x"'],
  ])('with text that only looks like a filter, or stands in quotes, are text: %o', (token, filter) => {
    expect(ofToken(token)).toBe(filter);
  });
});
