// `npm run fuzz`: calls every operation of a running API with whatever it could be sent.
import { randomInt } from "node:crypto"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { freePort, startMongodb, startRedis } from "../../packages/devstack/src/index.ts"
import { createLogger, createReleasers, type Releasers } from "../../packages/runtime/src/index.ts"
import { type FuzzArguments, help, parseCommandLine } from "./options.ts"
import { runFuzz } from "./run-fuzz.ts"
import { startTarget } from "./start-target.ts"
import { isGood, summarise } from "./summarise.ts"

const dataFolder = fileURLToPath(new URL("../../.data", import.meta.url))
const say = (line: string) => process.stdout.write(`${line}\n`)

async function run({ requests, seed, concurrency }: FuzzArguments): Promise<boolean> {
  const folder = join(dataFolder, "fuzz", `${new Date().toISOString().replaceAll(/\W/g, "")}-${seed}`)
  const releasers = createReleasers({ logger: createLogger({ level: "error", name: "fuzz" }), timeoutMs: 30_000 })
  const stopped = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopped.abort(new Error(`Stopped by ${signal}.`)))
  say(`Seed ${seed}: ${requests} requests`)
  let good = false
  try {
    const services = await startOwnServices({ folder, releasers })
    const target = await startTarget({ ...services, folder, releasers })
    const result = await runFuzz({ ...target, requests, seed, concurrency, report: say, signal: stopped.signal })
    good = isGood(result)
    say(`\n${summarise(result)}`)
  } catch (error) {
    say(`\n${error instanceof Error ? error.message : String(error)}`)
  } finally {
    await releasers.release()
  }
  if (good) rmSync(folder, { recursive: true })
  else
    say(
      `\nThe log of the API is in ${folder}. To repeat it:\n  npm run fuzz -- --requests ${requests} --seed ${seed} --concurrency ${concurrency}`,
    )
  return good
}

/** Nobody else's data is touched, and none is left behind. */
async function startOwnServices({ folder, releasers }: { readonly folder: string; readonly releasers: Releasers }) {
  const redis = await startRedis({ folder: join(folder, "redis"), port: await freePort() })
  releasers.push({ name: "Redis", release: () => redis.stop(), timeoutMs: 60_000 })
  const image = join(dataFolder, "documentdb")
  const mongodb = await startMongodb({ folder: join(folder, "mongodb"), image, port: await freePort(), report: say })
  releasers.push({ name: "MongoDB", release: () => mongodb.stop(), timeoutMs: 60_000 })
  return { redisUrl: redis.url, mongodbUrl: mongodb.url }
}

const commandLine = parseCommandLine(process.argv.slice(2), randomInt(2 ** 31))
if (commandLine.kind === "mistake") {
  process.stderr.write(`${commandLine.message}\n\n${help}`)
  process.exitCode = 2
} else if (commandLine.kind === "help") {
  process.stdout.write(help)
} else {
  const good = await run(commandLine.options)
  // Left to end by itself, Node takes its signal handlers down first, and a repeated signal would kill it with another code.
  process.exit(good ? 0 : 1)
}
