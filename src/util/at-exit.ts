/** What is left to clean up when the process exits without having closed it. One listener for all: Node warns of many. */
const cleanups = new Set<() => void>()

function cleanUp(): void {
  for (const each of cleanups) each()
}

/**
 * @param cleanup runs when the process exits, by process.exit() or an uncaught error, too. It cannot wait for anything.
 * @returns takes it back: it has been cleaned up before
 */
export function atExit(cleanup: () => void): () => void {
  if (cleanups.size === 0) process.on('exit', cleanUp)
  cleanups.add(cleanup)
  return () => {
    cleanups.delete(cleanup)
    if (cleanups.size === 0) process.off('exit', cleanUp)
  }
}
