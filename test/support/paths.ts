import { fileURLToPath } from 'node:url'

/** The repository, seen from dist/test/support. Ends with a slash. */
export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url))
