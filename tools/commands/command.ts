/** A subcommand: one file, and one line in the registry (tools/umfb.ts). */
export interface Command {
  /** All of the subcommand's help, its usage first. */
  readonly help: string
  /**
   * @param args what follows the subcommand's name
   * @returns the exit status
   * @throws UmfbError with code UMFB_USAGE for wrong usage
   */
  run(args: string[]): Promise<number>
}
