import { describe, expect, it } from 'vitest';

import { parseAddress, printAddress } from './address';
import { listParameters, parseListSearch, parseSort, printSort } from './search';
import { trailAt, trailTo } from './trail';

describe('the address of a list', () => {
  it('says the same as the API call', () => {
    const search = parseListSearch(parseAddress('?filter=state+%3D+error&sort=-lastConnectedAt&limit=100&cols=id,state&sel=ws-1'));
    expect(listParameters(search)).toEqual({ filter: 'state = error', sort: '-lastConnectedAt', limit: 100 });
  });

  it('leaves defaults and nonsense out', () => {
    expect(parseListSearch({ limit: '50', filter: '', cursor: ['x'], other: 'y' })).toEqual({});
    expect(parseListSearch({ limit: '7' })).toEqual({});
  });

  it('survives a round trip', () => {
    const search = { filter: 'userName = "José, Núñez"', cols: 'id,state', limit: 500 };
    expect(parseListSearch(parseAddress(printAddress(search)))).toEqual(search);
    expect(printAddress({ cols: 'id,state' })).toBe('?cols=id,state');
    expect(printAddress({ filter: undefined })).toBe('');
  });

  it('keeps an id that looks like a number', () => {
    expect(parseListSearch({ sel: 123456789012 })).toEqual({ sel: '123456789012' });
  });

  it('sorts both ways', () => {
    expect(parseSort('-region')).toEqual({ column: 'region', descending: true });
    expect(printSort({ column: 'region', descending: false })).toBe('region');
  });
});

describe('the trail of pages', () => {
  it('is empty on the first page and unknown for a link into the middle', () => {
    expect(trailTo(undefined, ['a'])).toEqual([]);
    expect(trailTo('b', ['a', 'b'])).toEqual(['a', 'b']);
    expect(trailTo('c', ['a', 'b'])).toBeUndefined();
    expect(trailTo('c', undefined)).toBeUndefined();
  });

  it('leads to any page seen and to the next one', () => {
    expect(trailAt(1, ['a', 'b'], 'c')).toEqual([]);
    expect(trailAt(2, ['a', 'b'], 'c')).toEqual(['a']);
    expect(trailAt(4, ['a', 'b'], 'c')).toEqual(['a', 'b', 'c']);
  });
});
