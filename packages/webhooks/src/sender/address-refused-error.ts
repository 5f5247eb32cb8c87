/** The guard does not let a connection be made. The message is for whoever owns the receiver. */
export class AddressRefusedError extends Error {
  constructor(message: string) {
    super(message)
    this.name = "AddressRefusedError"
  }
}
