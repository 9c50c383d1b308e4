/**
 * Serves the built console and the mock API from one origin, with the headers of the real server: the strict content
 * security policy above all. Only for tests and for working on the console without a cluster.
 */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { MockApi } from './respond';

/** The policy the real server sends. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface Serving {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Starts on a free port of the loopback interface, or on the one given. */
export async function serve(api: MockApi, port = 0): Promise<Serving> {
  const server: Server = createServer((request, response) => {
    void answer(api, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the mock server has no port');
  return {
    url: `http://localhost:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function answer(api: MockApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (!url.pathname.startsWith('/api/')) return file(url.pathname, response);
  const method = request.method ?? 'GET';
  const text = await readText(request);
  const lastId = request.headers['last-event-id'];
  const headers = new Headers(typeof lastId === 'string' ? { 'last-event-id': lastId } : {});
  const reply = await api.respond(new Request(url, { method, headers, ...(text !== '' && { body: text }) }));
  response.writeHead(reply.status, { ...Object.fromEntries(reply.headers), 'cache-control': 'no-store' });
  const reader = reply.body?.getReader();
  response.on('close', () => void reader?.cancel());
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) response.write(part.value);
  response.end();
}

async function readText(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const part of request) body += String(part);
  return body;
}

async function file(path: string, response: ServerResponse): Promise<void> {
  const wanted = join(DIST, normalize(path));
  const found = extname(path) !== '' && existsSync(wanted) ? wanted : join(DIST, 'index.html');
  response.writeHead(200, {
    'content-type': TYPES[extname(found)] ?? 'application/octet-stream',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(await readFile(found));
}
