/** ring-peer SOCKET: a backend that does nothing but look, for one frontend. */
import { binding } from '../src/native/load.js'
import { attached } from '../src/ring/layout.js'
import { ChannelLink } from '../src/ring/link.js'
import { createDeviceMemory } from '../src/ring/memory.js'
import { lookAndAnswer } from './ring-look.js'

const [path] = process.argv.slice(2)
const device = createDeviceMemory()
new binding.ChannelListener(path!, (channel) => {
  const link = new ChannelLink(channel, () => {
    lookAndAnswer(device, link)
    const answer = attached.encode({ magic: 'umfb', version: 1, status: 0, reserved: new Uint8Array() })
    channel.send(answer, [device.memory.fd])
    link.onEnd = () => process.exit()
  })
})
console.log('ready')
