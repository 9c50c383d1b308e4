/** Builds the console: one chunk a page, content-hashed names, and a start-up script that runs before first paint. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/**
 * Puts `src/appearance/boot.js` into the page as a blocking, external, hashed script.
 * It has to run before the first paint, and the content security policy forbids inline code.
 */
function bootScript(): Plugin {
  const source = '/src/appearance/boot.js';
  let href = source;
  return {
    name: 'deskfleet-boot-script',
    buildStart() {
      if (this.meta.watchMode || !this.environment.config.isProduction) return;
      const code = readFileSync(path(`.${source}`), 'utf8');
      const name = `assets/boot-${createHash('sha256').update(code).digest('hex').slice(0, 8)}.js`;
      this.emitFile({ type: 'asset', fileName: name, source: code });
      href = `/${name}`;
    },
    transformIndexHtml: {
      order: 'post',
      handler: () => [{ tag: 'script', attrs: { src: href }, injectTo: 'body-prepend' }],
    },
  };
}

export default defineConfig({
  plugins: [react(), bootScript()],
  resolve: { alias: { '@': path('./src') } },
  build: {
    target: 'es2023',
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  server: {
    proxy: { '/api': { target: process.env.DESKFLEET_API_URL ?? 'http://127.0.0.1:4174', changeOrigin: false, secure: false } },
  },
});
