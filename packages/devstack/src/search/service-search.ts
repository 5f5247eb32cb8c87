import type { CommandRunner } from "../system/run-command.ts"

/** What the searches for Redis and for MongoDB both need. */
export interface ServiceSearch {
  /** All data, pid files and logs of this checkout. */
  dataFolder: string
  /** The server that the environment names. */
  url: string | undefined
  /** Asked before packages of the operating system are installed. */
  mayInstall: () => Promise<boolean> | boolean
  report: (line: string) => void
  run: CommandRunner
  signal?: AbortSignal | undefined
}
