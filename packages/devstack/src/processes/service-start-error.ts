/** A server ended, or did not answer, before it was ready. `log` holds its last words. */
export class ServiceStartError extends Error {
  override readonly name = "ServiceStartError"
  readonly log: string

  constructor(message: string, log: string) {
    super(log === "" ? message : `${message} Its last words:\n${log}`)
    this.log = log
  }
}
