export interface DemoProvider {
  readonly name: string
  /** Of a simulated provider, e.g. `http://127.0.0.1:9101`. */
  readonly url: string
  readonly region: string
}

/** A `sluice.yaml` for the demonstration: one route over simulated providers that all fail now and then. */
export function demoConfiguration(providers: readonly DemoProvider[]): string {
  const endpoints = providers.map(
    ({ name, url, region }) => `  ${name}:
    provider: openai
    baseUrl: ${url}/v1
    region: ${region}
    model: gpt-4o-mini
    apiKey: env:DEMO_PROVIDER_KEY
    timeoutMs: 2000
    price: { inputPerMillionUsd: 0.15, outputPerMillionUsd: 0.6 }`,
  )
  return `# Made by \`npm start\` for its demonstration, and made anew each time.
endpoints:
${endpoints.join("\n")}
routes:
  chat:
    kind: chat
    canary: { messages: [{ role: user, content: "Say ok" }] }
    tiers:
      - { name: primary, endpoints: [${providers.map(({ name }) => name).join(", ")}] }
`
}
