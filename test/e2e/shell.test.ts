/**
 * What this holds: the shell's own tools find in /dev/fb0 what they would find in a real one: a file of the picture's
 * bytes, with a size and an end, and a mode that fbset tells.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { asXrgb8888, testPicture } from '../support/pictures.js'
import { skipWithout } from '../support/programs.js'
import { temporaryFolder } from '../support/temporary.js'
import { UmfbProcess } from '../support/umfb-process.js'

const [width, height] = [800, 600]

/** Runs a script that knows the files $picture and $output, and waits at its end. */
async function shell(t: TestContext, script: string) {
  const folder = temporaryFolder(t)
  const picture = await testPicture(width, height)
  const env = { picture: join(folder, 'picture'), output: join(folder, 'output') }
  writeFileSync(env.picture, asXrgb8888(picture))
  writeFileSync(env.output, '')
  const umfb = await UmfbProcess.run(t, ['sh', '-ec', `${script}\nread line`], { env })
  return { umfb, picture, output: () => readFileSync(env.output, 'utf8') }
}

for (const script of [
  'cat $picture > /dev/fb0',
  'cp $picture /dev/fb0',
  'dd if=$picture of=/dev/fb0 bs=3200 status=none',
  'exec 3<>/dev/fb0; head -c 960000 $picture >&3; tail -c 960000 $picture >&3',
]) {
  test(script, async (t) => {
    const { umfb, picture } = await shell(t, script)
    await umfb.shows(picture)
  })
}

test('what was drawn is read back, and there is no more than the memory holds', async (t) => {
  const script = `
    cat $picture > /dev/fb0
    head -c $(wc -c < $picture) /dev/fb0 | cmp - $picture
    dd if=/dev/zero of=/dev/fb0 bs=64M count=1 2> $output || echo "status $?" >> $output`
  const { umfb, picture, output } = await shell(t, script)
  await umfb.shows({ ...picture, rgb: new Uint8Array(picture.rgb.length) })
  // As a real one's driver says it (fb_sys_write() of the kernel).
  assert.match(output(), /File too large\n(.*\n)*status 1/)
})

test('the mode, as fbset tells it', { skip: skipWithout('fbset') }, async (t) => {
  const { umfb, output } = await shell(t, 'cat /proc/fb > $output; fbset >> $output; cat $picture > /dev/fb0')
  await umfb.shows(await testPicture(width, height))
  assert.match(output(), /^0 umfb\n/)
  assert.match(output(), new RegExp(`geometry ${width} ${height} ${width} \\d+ 32\\n`))
  assert.match(output(), /rgba 8\/16,8\/8,8\/0,/)
})
