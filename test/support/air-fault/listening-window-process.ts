import { connectStation } from '../station-client.ts'

/** A window that hears everything (meters and monitor), in a process of its own, so that it can be killed and frozen. Arguments: port, token, session. */
const [port = '', token = '', session = ''] = process.argv.slice(2)
const client = await connectStation({ port: Number(port), token, session })
let frames = 0
client.onFrame(() => {
  if (++frames === 10) process.stdout.write('listening\n')
})
client.listen(['meters', 'monitor'])
