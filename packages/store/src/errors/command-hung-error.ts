/** The driver has broken its own time limits: the command will never settle. Its outcome is unknown. */
export class CommandHungError extends Error {
  constructor(options: { timeoutMs: number }) {
    super(`The driver did not settle a command within ${options.timeoutMs} ms`)
    this.name = "CommandHungError"
  }
}
