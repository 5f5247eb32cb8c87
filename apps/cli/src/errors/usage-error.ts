/** The command line, or the environment, asks for something that cannot be meant. The message says what to change. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = "UsageError"
  }
}
