import { parseArgs } from 'node:util'
import { loadConfig } from '../config.ts'
import { createRotationService } from '../modules/privacy/rotation.service.ts'
import { createVault } from '../pii/vault.ts'
import { piiKeys } from '../secrets.ts'
import { connectForCommand, runCommand } from './connect.ts'
import { progressBar } from './progress.ts'

const HELP = `Puts contact details under the first key of PII_KEY, while the service serves.

  npm run pii:rotate

1. Give the service the new key before the old ones: PII_KEY=new:KEY,old:KEY, and restart it. New details are written under the first.
2. Run this with the same PII_KEY. Broken off, it goes on where it was; again, it changes nothing.
3. When it says that nothing is left under an older key, take that key out of PII_KEY.
`

runCommand(async () => {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h', default: false } } })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const vault = createVault(piiKeys(loadConfig()))
  const { graph, close } = await connectForCommand()
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort(new Error('Broken off; the same command goes on.')))
  const bar = progressBar()
  try {
    const { customers, unreadable, suppressionsLeft } = await createRotationService({ graph, vault }).rotate({
      onProgress: (done, share) => bar.update('customers', done, share),
      signal: interrupted.signal,
    })
    bar.stop()
    process.stdout.write(`Under key ${vault.current} now: ${customers.toLocaleString('en')} customers.\n`)
    if (unreadable > 0)
      process.stdout.write(
        `${unreadable.toLocaleString('en')} customers can be read by none of the keys given: they are as they were.\n`,
      )
    const kept = suppressionsLeft.toLocaleString('en')
    process.stdout.write(
      suppressionsLeft > 0
        ? `${kept} entries of the suppression list are of addresses that no customer has: without the older key they suppress nothing. Keep it.\n`
        : 'No older key is needed any more, unless something above could not be read.\n',
    )
  } finally {
    bar.stop()
    await close()
  }
})
