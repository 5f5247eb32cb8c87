import { type ChildProcess, spawn } from "node:child_process"
import { createRequire } from "node:module"
import { freePort } from "@sluice/devstack"
import { Agent, request } from "undici"
import { pause } from "../lib/bench.ts"

/** A way to a provider that answers while the caller waits. */
export interface Road {
  readonly title: string
  /** Rejects when the caller gets no complete answer. */
  call(prompt: string): Promise<void>
  close(): Promise<void>
}

export interface RoadOptions {
  /** The second one is what to fall back on. */
  readonly providerUrls: readonly string[]
  readonly timeoutMs: number
}

const body = (prompt: string) => JSON.stringify({ model: "sim-1", messages: [{ role: "user", content: prompt }] })

async function post(url: string, { headers, prompt, timeoutMs, dispatcher }: Post): Promise<void> {
  const answer = await request(url, {
    method: "POST",
    headers: { authorization: "Bearer bench", "content-type": "application/json", ...headers },
    body: body(prompt),
    dispatcher,
    signal: AbortSignal.timeout(timeoutMs),
  })
  const completion = (await answer.body.json()) as { readonly choices?: readonly { readonly message?: { readonly content?: unknown } }[] }
  if (answer.statusCode !== 200 || typeof completion.choices?.[0]?.message?.content !== "string")
    throw new Error(`Answered ${answer.statusCode}`)
}

interface Post {
  readonly headers?: Readonly<Record<string, string>>
  readonly prompt: string
  readonly timeoutMs: number
  readonly dispatcher: Agent
}

/** One call, as most request handlers make it. */
export function naiveRoad({ providerUrls: [url = ""], timeoutMs }: RoadOptions): Road {
  const dispatcher = new Agent({ connections: 200 })
  return {
    title: "naive code",
    call: (prompt) => post(`${url}/v1/chat/completions`, { prompt, timeoutMs, dispatcher }),
    close: () => dispatcher.close(),
  }
}

const retryCodes = [408, 429, 500, 502, 503, 504, 529]
const retries = 5
/** A caller of a gateway waits for all of its tries. */
const patienceMs = 60_000

/** `@portkey-ai/gateway` as a process of its own, with five retries for each target, and the second provider to fall back on. */
export async function startGatewayRoad({ providerUrls, timeoutMs }: RoadOptions): Promise<Road> {
  const port = await freePort()
  const main = createRequire(import.meta.url).resolve("@portkey-ai/gateway/build/start-server.js")
  const gateway = spawn(process.execPath, [main, `--port=${port}`, "--headless"], { stdio: "ignore", env: { NODE_ENV: "production" } })
  const dispatcher = new Agent({ connections: 200 })
  const targets = providerUrls.map((url) => ({
    provider: "openai",
    api_key: "bench",
    custom_host: `${url}/v1`,
    request_timeout: timeoutMs,
    retry: { attempts: retries, on_status_codes: retryCodes },
  }))
  const headers = { "x-portkey-config": JSON.stringify({ strategy: { mode: "fallback" }, targets }) }
  await untilAnswering(`http://127.0.0.1:${port}/`, gateway)
  return {
    title: "gateway, 5 retries, fallback",
    call: (prompt) => post(`http://127.0.0.1:${port}/v1/chat/completions`, { headers, prompt, timeoutMs: patienceMs, dispatcher }),
    async close() {
      const ended = new Promise((resolve) => gateway.once("exit", resolve))
      gateway.kill("SIGKILL")
      await ended
      await dispatcher.close()
    },
  }
}

async function untilAnswering(url: string, { exitCode, pid }: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (exitCode !== null || pid === undefined) break
    const isThere = await fetch(url).then(
      () => true,
      () => false,
    )
    if (isThere) return
    await pause(100)
  }
  throw new Error("The gateway @portkey-ai/gateway did not start within 20 s.")
}
