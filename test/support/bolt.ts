import type { Tap } from './wire.ts'

/** Magic number and four proposals of a version. */
const HANDSHAKE = 20
/** "Here is a list of versions": the client answers with its choice, in four bytes, and what it is capable of, in one. */
const MANIFEST = 0x1ff
const CHOICE = 5
const RUN = 0x10

/** Hears the text of every RUN, the one message of Bolt that holds Cypher, as it goes over the wire. */
export function hearCypher(hear: (text: string) => void): Tap {
  let skip = HANDSHAKE
  let agreed = false
  let bytes = Buffer.alloc(0)
  let chunks: Buffer[] = []
  return {
    answered: (answer) => {
      if (!agreed && answer.readUInt32BE(0) === MANIFEST) skip += CHOICE
      agreed = true
    },
    sent: (more) => {
      bytes = Buffer.concat([bytes, more])
      const skipped = Math.min(skip, bytes.length)
      bytes = bytes.subarray(skipped)
      skip -= skipped
      // Chunks, each after its length; a length of 0 ends the message.
      while (bytes.length >= 2) {
        const length = bytes.readUInt16BE(0)
        if (bytes.length < 2 + length) return
        if (length > 0) chunks.push(bytes.subarray(2, 2 + length))
        else if (chunks.length > 0) {
          const message = Buffer.concat(chunks)
          chunks = []
          if (message[1] === RUN) hear(textAt(message, 2))
        }
        bytes = bytes.subarray(2 + length)
      }
    },
  }
}

/** A string of PackStream. */
function textAt(message: Buffer, at: number): string {
  const marker = message[at]!
  const text = (start: number, length: number) => message.toString('utf8', start, start + length)
  if (marker >> 4 === 0x8) return text(at + 1, marker & 0xf)
  if (marker === 0xd0) return text(at + 2, message.readUInt8(at + 1))
  if (marker === 0xd1) return text(at + 3, message.readUInt16BE(at + 1))
  if (marker === 0xd2) return text(at + 5, message.readUInt32BE(at + 1))
  throw new Error(`No string begins with ${marker.toString(16)}`)
}
