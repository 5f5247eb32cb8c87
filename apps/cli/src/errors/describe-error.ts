import { ConnectionError, SluiceError, UnexpectedAnswerError, WaitTimeoutError } from "@sluice/client"
import { type ExitCode, exitCodes } from "../exit-codes.ts"
import { oneLine } from "../render/plain-text.ts"
import type { Paint } from "../terminal/terminal.ts"
import { UsageError } from "./usage-error.ts"

export interface ErrorDescription {
  /** What a person reads: what is wrong, where, and what to do. */
  readonly text: string
  readonly exitCode: ExitCode
}

/** Puts an error that ended a command into words. */
export function describeError(error: unknown, paint: Paint): ErrorDescription {
  const headed = (heading: string, ...lines: readonly string[]) => [paint("red", heading), ...lines].join("\n")
  if (error instanceof SluiceError) return { text: headed(oneLine(error.title), ...problemLines(error)), exitCode: exitCodes.failed }
  if (error instanceof ConnectionError) return { text: headed(connectionText(error)), exitCode: exitCodes.unreachable }
  if (error instanceof UnexpectedAnswerError) {
    return { text: headed(oneLine(error.message), "Set SLUICE_URL or --url to the address of the API."), exitCode: exitCodes.unreachable }
  }
  if (error instanceof WaitTimeoutError) {
    const { id, status } = error.job
    return { text: headed(`${id} is still ${status}.`, `It goes on: sluice watch ${id}`), exitCode: exitCodes.unfinished }
  }
  if (error instanceof UsageError) return { text: headed(error.message), exitCode: exitCodes.usage }
  // Known by its name: its class would bring the whole of the runtime into every command.
  if (error instanceof Error && error.name === "ConfigurationError") return { text: headed(error.message), exitCode: exitCodes.failed }
  return { text: headed(error instanceof Error ? (error.stack ?? error.message) : String(error)), exitCode: exitCodes.failed }
}

function connectionText({ reason, baseUrl, message }: ConnectionError): string {
  if (reason === "timeout") return `${message} Is it overloaded, or is the address another one? SLUICE_URL or --url sets it.`
  return `Nothing answers at ${baseUrl}: is \`npm run api\` running? Set SLUICE_URL or --url.`
}

function problemLines(error: SluiceError): string[] {
  const fields = error.errors.map(({ pointer, detail }) => `  ${oneLine(pointer)}  ${oneLine(detail)}`)
  const advice = adviceOn(error)
  return [
    oneLine(error.detail),
    ...fields,
    ...(advice === null ? [] : [advice]),
    `(${error.problem.code}, request ${oneLine(error.requestId)})`,
  ]
}

const advice: Readonly<Record<string, string>> = {
  unauthenticated: "Set SLUICE_API_KEY (or SLUICE_ADMIN_KEY), or give --key.",
  scope_missing: "Use a key that has the scope, e.g. the admin key in SLUICE_ADMIN_KEY.",
  route_unknown: "`sluice routes` lists the routes.",
}

function adviceOn({ code, retryAfterMs }: SluiceError): string | null {
  if (retryAfterMs !== null) return `Try again in ${Math.ceil(retryAfterMs / 1_000)} s.`
  return advice[code] ?? null
}
