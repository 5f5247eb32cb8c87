import type { MongoClient, ServerClosedEvent, ServerHeartbeatStartedEvent } from "mongodb"

export interface HeartbeatWatch {
  /** Called when a heartbeat has taken longer than the driver gives it. */
  readonly onHung: () => void
  /** What a heartbeat may take beyond the driver's own limit. Default 1 s. */
  readonly slackMs?: number
}

/**
 * Watches over the driver's heartbeats. When all connections of a server break at once, as they do when it restarts, a
 * heartbeat may be written to a socket that has just been destroyed; then driver 7.8.0 waits for a `drain` event that never
 * comes, outside its own time limits, and never looks at that server again. Returns what ends the watch.
 */
export function watchHeartbeats(client: MongoClient, { onHung, slackMs = 1_000 }: HeartbeatWatch): () => void {
  const timers = new Map<string, NodeJS.Timeout>()
  const { connectTimeoutMS, heartbeatFrequencyMS } = client.options
  const end = ({ connectionId }: { readonly connectionId: string }) => {
    clearTimeout(timers.get(connectionId))
    timers.delete(connectionId)
  }
  const start = ({ connectionId, awaited }: ServerHeartbeatStartedEvent) => {
    end({ connectionId })
    const limitMs = connectTimeoutMS + (awaited ? heartbeatFrequencyMS : 0) + slackMs
    timers.set(connectionId, setTimeout(onHung, limitMs).unref())
  }
  const leave = ({ address }: ServerClosedEvent) => end({ connectionId: address })
  client.on("serverHeartbeatStarted", start).on("serverHeartbeatSucceeded", end).on("serverHeartbeatFailed", end).on("serverClosed", leave)
  return () => {
    client
      .off("serverHeartbeatStarted", start)
      .off("serverHeartbeatSucceeded", end)
      .off("serverHeartbeatFailed", end)
      .off("serverClosed", leave)
    for (const timer of timers.values()) clearTimeout(timer)
  }
}
