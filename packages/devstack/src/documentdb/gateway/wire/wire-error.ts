/** The peer does not speak the MongoDB wire protocol as it should: the connection cannot go on. */
export class WireError extends Error {
  override readonly name = "WireError"
}
