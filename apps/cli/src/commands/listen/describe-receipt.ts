import { oneLine } from "../../render/plain-text.ts"
import type { Paint } from "../../terminal/terminal.ts"
import type { Receipt } from "./receipt.ts"

/** A line for each request, and a second one for where it was forwarded to. */
export function describeReceipt(receipt: Receipt, { paint, now }: { readonly paint: Paint; readonly now: number }): string {
  const at = paint("dim", new Date(now).toISOString().slice(11, 19))
  if (receipt.kind === "refused") return `${at}  ${paint("red", "refused")}  ${oneLine(receipt.message)}`
  const { event, forwarded } = receipt
  const line = `${at}  ${paint("green", oneLine(event.type))}  ${oneLine(event.id)}  ${oneLine(subjectOf(event.data))}`
  if (forwarded === null) return line
  const style = forwarded.status < 300 ? "green" : "red"
  return `${line}\n          ${paint(style, oneLine(forwarded.message))}`
}

/** What an event is about: an id, and how it is. */
function subjectOf(data: unknown): string {
  if (typeof data !== "object" || data === null) return ""
  const { id, status }: { id?: unknown; status?: unknown } = data
  return [id, status].filter((part) => typeof part === "string").join(" ")
}
