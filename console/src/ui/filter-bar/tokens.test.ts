import { describe, expect, it } from 'vitest';

import { parse, print, twoLevels } from '@/filter';
import { merge } from '@/filter/two-levels';

import { fromQuery, toQuery } from './tokens';

const holdsList = (property: string): boolean => property === 'state';

function throughTheBar(source: string): string | undefined {
  const parsed = parse(source);
  const drawn = parsed.ok ? twoLevels(parsed.filter) : undefined;
  return drawn && print(merge(fromQuery(toQuery(drawn, holdsList), ['id', 'userName'])));
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
    expect(print(merge(fromQuery(query, ['id', 'userName'])))).toBe('id : ada or userName : ada');
  });

  it('that exclude text exclude it everywhere', () => {
    const query = { operation: 'or' as const, tokens: [], tokenGroups: [{ operator: '!:', value: 'ada' }] };
    expect(print(merge(fromQuery(query, ['id', 'userName'])))).toBe('id !: ada and userName !: ada');
  });
});
