/** What the user asked for. Resolves when it is written: the process may end then. */
export async function writeOut(data: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(data, (error) => (error ? reject(error) : resolve()))
  })
}

/** One JSON object a line. */
export async function writeJson(value: object): Promise<void> {
  await writeOut(`${JSON.stringify(value)}\n`)
}

/** Everything else. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Columns as wide as their widest cell, two blanks apart. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => row[i]!.length)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
