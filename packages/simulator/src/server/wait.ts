import { setTimeout as delay } from "node:timers/promises"
import type { Exchange } from "./exchange.ts"

/** Waits; false if the client went away meanwhile. */
export async function waitWhileOpen(exchange: Exchange, durationMs: number): Promise<boolean> {
  if (durationMs <= 0) return !exchange.response.closed
  const signal = exchange.closeSignal()
  try {
    await delay(durationMs, undefined, { signal })
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}

/** Waits until the client goes away. */
export function waitUntilGone({ response }: Exchange): Promise<void> {
  return new Promise((resolve) => {
    if (response.closed) resolve()
    else response.once("close", () => resolve())
  })
}
