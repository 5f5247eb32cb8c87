import { createWriteStream } from "node:fs"
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises"
import { Session } from "node:inspector/promises"
import { join } from "node:path"
import nodeProcess from "node:process"
import { Transform } from "node:stream"
import { pipeline } from "node:stream/promises"
import { setTimeout as sleep } from "node:timers/promises"
import { getHeapSnapshot } from "node:v8"
import type { ProfileOrder, ProfileOutcome } from "@sluice/core"

export interface ProfilerOptions {
  /** Where profiles are written. Null: nowhere, none is made. */
  readonly folder: string | null
  /** The process's id, which becomes part of the name. */
  readonly processId: string
  readonly now?: () => Date
  /** Only tests change them. */
  readonly bounds?: Partial<ProfileBounds>
}

export interface ProfileBounds {
  /** While a snapshot is made the process stands still, about a second for each 100 MB. */
  readonly maxHeapBytes: number
  readonly maxBytes: number
  /** In the folder. */
  readonly maxFiles: number
}

export type Profiler = (order: Pick<ProfileOrder, "kind" | "durationMs">) => Promise<ProfileOutcome>

const defaultBounds: ProfileBounds = { maxHeapBytes: 1_073_741_824, maxBytes: 4_294_967_296, maxFiles: 20 }
const ending = { cpu: ".cpuprofile", heap: ".heapsnapshot" } as const
/** For its owner alone: a snapshot holds whatever the process had in memory, keys and prompts included. */
const fileMode = 0o600
const folderMode = 0o700

const refused = (reason: string): ProfileOutcome => ({ kind: "refused", reason })

/**
 * Writes CPU profiles and heap snapshots of this process, one at a time, for Chrome's developer tools. Never rejects: what keeps it
 * from writing is the outcome, in words for whoever asked.
 */
export function createProfiler({ folder, processId, now = () => new Date(), bounds = {} }: ProfilerOptions): Profiler {
  const limits = { ...defaultBounds, ...bounds }
  let isBusy = false

  async function make(into: string, { kind, durationMs }: Parameters<Profiler>[0]): Promise<ProfileOutcome> {
    const heapBytes = nodeProcess.memoryUsage().heapUsed
    if (kind === "heap" && heapBytes > limits.maxHeapBytes)
      return refused(`The heap has ${heapBytes} bytes; beyond ${limits.maxHeapBytes} a snapshot would stop the process for too long.`)
    await mkdir(into, { recursive: true, mode: folderMode })
    const files = (await readdir(into)).filter((name) => name.endsWith(ending.cpu) || name.endsWith(ending.heap))
    if (files.length >= limits.maxFiles) return refused(`${into} holds ${files.length} profiles already. Remove those that nobody needs.`)
    const file = join(into, `${processId}-${now().toISOString().replaceAll(":", "-")}${ending[kind]}`)
    try {
      if (kind === "cpu") await writeFile(file, await profileCpu(durationMs), { mode: fileMode, flag: "wx" })
      else await pipeline(getHeapSnapshot(), atMost(limits.maxBytes), createWriteStream(file, { mode: fileMode, flags: "wx" }))
      return { kind: "written", file, bytes: (await stat(file)).size }
    } catch (error) {
      await rm(file, { force: true })
      throw error
    }
  }

  return async (order) => {
    if (folder === null) return refused("The process has no folder for profiles. Start it with SLUICE_PROFILE_DIR.")
    if (isBusy) return refused("The process is making another profile.")
    isBusy = true
    try {
      return await make(folder, order)
    } catch (error) {
      return refused(error instanceof Error ? error.message : String(error))
    } finally {
      isBusy = false
    }
  }
}

async function profileCpu(durationMs: number): Promise<string> {
  const session = new Session()
  session.connect()
  try {
    await session.post("Profiler.enable")
    await session.post("Profiler.start")
    await sleep(durationMs)
    const { profile } = await session.post("Profiler.stop")
    return JSON.stringify(profile)
  } finally {
    session.disconnect()
  }
}

function atMost(maxBytes: number): Transform {
  let size = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      done(size > maxBytes ? new Error(`The snapshot is larger than ${maxBytes} bytes.`) : null, chunk)
    },
  })
}
