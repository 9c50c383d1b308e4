/** What a first visit downloads, measured on the build: compressed sizes of what `index.html` names. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/** Compressed kilobytes (1,000 bytes) of a file, as the server sends it to a browser that knows no brotli. */
const kilobytes = (path: string): number => statSync(join(DIST, `${path}.gz`)).size / 1_000;

const sum = (paths: readonly string[]): number => paths.reduce((total, path) => total + kilobytes(path), 0);

const index = readFileSync(join(DIST, 'index.html'), 'utf8');
const named = (kind: 'js' | 'css'): string[] => [...index.matchAll(new RegExp(`(?:src|href)="/(assets/[^"]+\\.${kind})"`, 'g'))].flatMap(([, path]) => path ?? []);

describe('the first load', () => {
  it('needs at most 300 KB of scripts', () => {
    const total = sum(named('js'));
    expect(total).toBeGreaterThan(50);
    expect(total).toBeLessThanOrEqual(300);
  });

  it('needs at most 90 KB of styles', () => {
    const total = sum(named('css'));
    expect(total).toBeGreaterThan(10);
    expect(total).toBeLessThanOrEqual(90);
  });

  it('runs no inline script and no inline style', () => {
    expect(index).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(index).not.toMatch(/<style|\sstyle=/);
  });
});

describe('the build', () => {
  const assets = readdirSync(join(DIST, 'assets'));

  it('names every file by its content and holds no source map', () => {
    expect(assets.filter((name) => !/-[\w-]{8}\.(js|css|svg|woff2)(\.br|\.gz)?$/.test(name))).toEqual([]);
  });

  it('holds a chunk for each page', () => {
    expect(assets.filter((name) => /page-[\w-]{8}\.js$/.test(name)).length).toBeGreaterThanOrEqual(4);
  });

  it('holds no font in a style sheet', () => {
    const sheets = assets.filter((name) => name.endsWith('.css'));
    expect(sheets.filter((name) => readFileSync(join(DIST, 'assets', name), 'utf8').includes('font/woff'))).toEqual([]);
  });
});
