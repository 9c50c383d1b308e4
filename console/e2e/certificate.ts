/**
 * Trust for a server whose certificate comes from a private authority.
 *
 * Chromium takes no authority from a file. Node checks the server's certificate against the authority instead, and
 * Chromium is told to accept exactly the key that Node has checked; every other certificate is refused as usual.
 */

import type { X509Certificate } from 'node:crypto';
import { createHash } from 'node:crypto';
import { connect } from 'node:tls';

/** The browser flag that pins the certificate of `url`, which must come from the authority `ca` (PEM). */
export async function pinnedCertificate(url: string, ca: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const certificate = await new Promise<X509Certificate>((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port === '' ? '443' : port), servername: hostname, ca }, () => {
      const peer = socket.getPeerX509Certificate();
      socket.end();
      if (peer === undefined) reject(new Error(`${url} sent no certificate`));
      else resolve(peer);
    });
    socket.on('error', reject);
  });
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`;
}
