import type { Redis } from "ioredis"

const ignore = (): void => {}

/** Closes the connection whatever state it is in; commands without an answer reject. Resolves when nothing of it is left. */
export async function endConnection(client: Redis): Promise<void> {
  if (client.status === "end") return
  // Not `once` of node:events, which rejects when the connection emits one more error on its way.
  const ended = new Promise<void>((resolve) => client.once("end", resolve))
  const waitsToReconnect = client.status === "reconnecting"
  client.disconnect()
  // In this state `disconnect` only cancels the next attempt and the client would never come to its end.
  if (waitsToReconnect) client.connect().then(() => client.disconnect(), ignore)
  await ended
}
