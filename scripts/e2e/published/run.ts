import { spawn } from "node:child_process"
import { once } from "node:events"
import { text } from "node:stream/consumers"

export interface RunOptions {
  readonly cwd: string
  readonly environment?: Readonly<Record<string, string>>
}

export interface Ran {
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. Throws with all that it said when it fails. */
export async function run(program: string, args: readonly string[], { cwd, environment = {} }: RunOptions): Promise<Ran> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] })
  const [[code], stdout, stderr] = await Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)])
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`)
  return { stdout, stderr }
}
