import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

export const hasOpenssl = spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0

export type Authority = {
  /** Its own certificate. */
  ca: string
  /** A certificate of this machine and its key; the same name writes over the files. */
  issue(name: string): { cert: string; key: string }
}

/** An authority whose files are in this folder. */
export function createAuthority(folder: string, who: string): Authority {
  const file = (name: string) => path.join(folder, `${who}-${name}`)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const ca = file('ca.pem')
  const caKey = file('ca.key')
  openssl('req', '-x509', ...newKey, '-subj', `/CN=${who}`, '-days', '2', '-keyout', caKey, '-out', ca)
  const names = file('names')
  writeFileSync(names, 'subjectAltName=DNS:localhost,IP:127.0.0.1\n')
  return {
    ca,
    issue: (name) => {
      const [cert, key, request] = [file(`${name}.pem`), file(`${name}.key`), file(`${name}.csr`)]
      openssl('req', ...newKey, '-subj', '/CN=localhost', '-keyout', key, '-out', request)
      const signed = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', '2', '-extfile', names]
      openssl('x509', '-req', '-in', request, ...signed, '-out', cert)
      return { cert, key }
    },
  }
}
