import type { Simulator } from "@sluice/simulator"

/** An endpoint of `sluice.yaml` that is a simulated provider. */
export function simulatedEndpoint({ url }: Pick<Simulator, "url">, settings: object = {}): object {
  return { provider: "openai", baseUrl: `${url}/v1`, model: "sim-1", apiKey: "env:BENCH_PROVIDER_KEY", timeoutMs: 5_000, ...settings }
}

/** A job of the route `chat`. */
export function chatJob(prompt: string, options: object = {}): object {
  return { route: "chat", input: { messages: [{ role: "user", content: prompt }] }, options }
}
