import { setTimeout as delay } from 'node:timers/promises'

const pauseMs = 30

/**
 * Asks again and again until there is an answer: only where what is waited for tells of itself in no other way, as a
 * picture on a screen.
 *
 * @param ask undefined for "not yet"
 * @param explain for the message, when time is over
 */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  explain: () => string,
  withinMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) throw new Error(`after ${withinMs} ms: ${explain()}`)
    await delay(pauseMs)
  }
}
