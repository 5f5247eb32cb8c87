import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import type { Redis } from "ioredis"

export interface ScriptCall {
  readonly keys: readonly string[]
  readonly args: readonly (string | number)[]
}

/** Runs a Lua script in Redis and gives what it returned. */
export type RedisScript = (client: Redis, call: ScriptCall) => Promise<unknown>

/** A script made of these files, one after the other. Redis is sent the text only when it does not have the script. */
export function readScript(files: readonly URL[]): RedisScript {
  const lua = files.map((file) => readFileSync(file, "utf8")).join("\n")
  const digest = createHash("sha1").update(lua).digest("hex")
  return async (client, { keys, args }) => {
    try {
      return await client.evalsha(digest, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error
      return await client.eval(lua, keys.length, ...keys, ...args)
    }
  }
}
