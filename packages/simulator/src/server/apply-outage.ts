import type { OutageRequest } from "../settings/settings.ts"
import type { Listener } from "./listener.ts"

/** Makes the listener do what a change of the settings asked for; undefined asked for nothing. */
export function applyOutage(outage: OutageRequest | null | undefined, listener: Listener): void {
  if (outage === undefined) return
  if (outage?.mode === "refuse") listener.refuse(outage.durationMs)
  else listener.accept()
}
