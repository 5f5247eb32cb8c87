import type { EventEmitter } from "node:events"
import nodeProcess from "node:process"
import { setTimeout } from "node:timers/promises"
import { isDeepStrictEqual } from "node:util"
import type { Configuration } from "@sluice/core"
import { readConfigurationText } from "./load-configuration.ts"
import { type CheckConfiguration, parseConfiguration } from "./parse-configuration.ts"

export interface WatchConfigurationOptions {
  readonly path: string
  /** What a new configuration must pass beside the schema. */
  readonly check?: CheckConfiguration | undefined
  /** What is in use now; a changed file that says the same is not worth a reload. */
  readonly current: () => Configuration
  /** Gets each new configuration, checked and whole. */
  readonly onReload: (next: Configuration) => void | Promise<void>
  /** Gets the `ConfigurationError` of a bad file, once per state of that file, and whatever `onReload` throws. */
  readonly onError: (error: unknown) => void
  /** Ends the watching. */
  readonly signal: AbortSignal
  /** How often the file is looked at. Default 1 s. */
  readonly pollMs?: number
  /** Reads the file; rejects with what is to be reported. */
  readonly read?: (path: string) => Promise<string>
  /** Where SIGHUP arrives. Default: this process. */
  readonly process?: Pick<EventEmitter, "on" | "off">
}

/** What stood in the file at one look: its text, or why there was none. */
type Look = { readonly text: string } | { readonly error: unknown }

async function lookAt({ path, read = readConfigurationText }: WatchConfigurationOptions): Promise<Look> {
  try {
    return { text: await read(path) }
  } catch (error) {
    return { error }
  }
}

function fingerprint(look: Look): string {
  return "text" in look ? `text ${look.text}` : `error ${String(look.error)}`
}

/**
 * Reloads the configuration when its file changes or SIGHUP arrives, until the signal aborts. A bad file changes nothing and is
 * reported.
 *
 * The file is read at each look, which sees everything that file system events miss (the swapped links of a Kubernetes
 * ConfigMap, network file systems, editors that rename). A change counts once two looks in a row found the same, so that a file
 * is not taken while it is being written; SIGHUP takes it as it is, and reloads even if nothing changed.
 */
export async function watchConfiguration(options: WatchConfigurationOptions): Promise<void> {
  const { signal, pollMs = 1_000, process = nodeProcess } = options
  let isRequested = false
  let nap = new AbortController()
  const wake = (): void => nap.abort()
  const onHangup = (): void => {
    isRequested = true
    wake()
  }
  let handled: string | null = null
  let seen: string | null = null

  const lookOnce = async (): Promise<void> => {
    const wasRequested = isRequested
    isRequested = false
    const look = await lookAt(options)
    const found = fingerprint(look)
    const isSettled = found === seen
    seen = found
    if (!wasRequested && (!isSettled || found === handled)) return
    handled = found
    await reload(options, { look, evenIfEqual: wasRequested })
  }

  process.on("SIGHUP", onHangup)
  signal.addEventListener("abort", wake)
  try {
    while (!signal.aborted) {
      await lookOnce()
      nap = new AbortController()
      if (isRequested || signal.aborted) continue
      await setTimeout(pollMs, undefined, { signal: nap.signal, ref: false }).catch(() => undefined)
    }
  } finally {
    signal.removeEventListener("abort", wake)
    process.off("SIGHUP", onHangup)
  }
}

async function reload(options: WatchConfigurationOptions, { look, evenIfEqual }: { look: Look; evenIfEqual: boolean }): Promise<void> {
  try {
    if ("error" in look) throw look.error
    const next = parseConfiguration({ text: look.text, fileName: options.path, check: options.check })
    if (evenIfEqual || !isDeepStrictEqual(next, options.current())) await options.onReload(next)
  } catch (error) {
    options.onError(error)
  }
}
