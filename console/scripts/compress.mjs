/**
 * Writes `.br` and `.gz` beside every text file of the build, so that the server sends bytes it did not have to
 * compress. Files that would not shrink by a tenth stay alone.
 */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const COMPRESSIBLE = /\.(js|css|html|svg|json|txt)$/;

const variants = [
  ['.gz', (bytes) => promisify(gzip)(bytes, { level: 9 })],
  ['.br', (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })],
];

const entries = await readdir(DIST, { recursive: true, withFileTypes: true });
let before = 0;
let after = 0;
for (const entry of entries) {
  if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = await readFile(path);
  before += bytes.length;
  for (const [suffix, compress] of variants) {
    const packed = await compress(bytes);
    if (packed.length < bytes.length * 0.9) await writeFile(path + suffix, packed);
    if (suffix === '.br') after += Math.min(packed.length, bytes.length);
  }
}
console.log(`compressed: ${(before / 1024).toFixed(0)} KiB to ${(after / 1024).toFixed(0)} KiB (br)`);
