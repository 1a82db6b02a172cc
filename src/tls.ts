import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Paths of PEM files: the service's certificate, with those between it and its authority, and its private key. */
export type TlsFiles = { cert: string; key: string }

export const readTls = ({ cert, key }: TlsFiles) => ({ cert: readFileSync(cert), key: readFileSync(key) })

/** Null for a readable PEM file of this kind, otherwise what is wrong with it. */
export function pemFault(file: string, kind: 'certificate' | 'private key'): string | null {
  let pem: string
  try {
    pem = readFileSync(file, 'utf8')
  } catch (error) {
    return `cannot be read: ${(error as Error).message}`
  }
  const header = kind === 'certificate' ? /-----BEGIN CERTIFICATE-----/ : /-----BEGIN [A-Z ]*PRIVATE KEY-----/
  if (!header.test(pem)) return `${file} is no PEM file of a ${kind}`
  try {
    if (kind === 'certificate') new X509Certificate(pem)
    else createPrivateKey(pem)
    return null
  } catch (error) {
    return `${file} holds no usable ${kind}: ${(error as Error).message}`
  }
}

/** Both are good files on their own. */
export const isPair = ({ cert, key }: TlsFiles): boolean =>
  new X509Certificate(readFileSync(cert)).checkPrivateKey(createPrivateKey(readFileSync(key)))
