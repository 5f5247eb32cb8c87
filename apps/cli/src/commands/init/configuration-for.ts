import type { Preset } from "./presets.ts"

/** A configuration with one endpoint and one route, and beside them, as comments, what most installations add. */
export function configurationFor({ endpoint }: Preset): string {
  return `# yaml-language-server: $schema=./sluice.schema.json
# The configuration of Sluice. \`sluice check\` says whether it is in order; it is read again whenever it changes.

endpoints:
  # One place where a model can be asked. The names are yours: they appear in results, logs and metrics.
  main:
${endpoint.map((line) => `    ${line}`).join("\n")}
    # Keys are referred to, never written here: env:NAME or file:/path.
    # region: eu
    # limits: { requestsPerMinute: 500, tokensPerMinute: 200000, concurrency: 50 } # left out: learned from the provider
    # timeoutMs: 60000 # for the whole call
    # price: { inputPerMillionUsd: 0.15, outputPerMillionUsd: 0.6 } # so that results say what they cost

routes:
  # What callers name when they submit a job.
  chat:
    kind: chat # chat | embedding | image | custom
    canary: { messages: [{ role: user, content: Say ok }] } # what \`sluice drill chat\` asks
    tiers: # tried in this order
      - { name: primary, endpoints: [main] } # several endpoints share the load and stand in for each other
      # - { name: fallback, endpoints: [smaller] }
      # The tiers below ask no provider, and answer only callers who say \`fallback: any\`.
      # - { name: cache } # the last good answer to the same or a similar prompt
      # - { name: static, output: { text: "Please try again later." } }
    # degradeAfterMs: 30000 # how long a tier has to be unavailable before the next is asked
    # cache: { exact: { ttlMs: 3600000 } } # the same request is answered again for an hour

# tenants:
#   default: { requestsPerMinute: 600, budgetUsdPerDay: 10 }

# webhooks:
#   allowPrivate: [127.0.0.0/8] # for \`sluice listen\` on this machine
`
}
