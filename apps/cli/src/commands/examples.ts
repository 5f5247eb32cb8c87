import type { Command } from "commander"

/** What `--help` of each command shows at its end, by the words after `sluice`. */
export const examples: Readonly<Record<string, readonly string[]>> = {
  submit: [
    'submit chat --prompt "Say hello" --wait',
    'git diff | sluice submit chat --system "Review this" --wait --timeout 2m',
    "submit chat --input input.json --priority bulk --metadata order=81 --json",
  ],
  watch: ["watch job_01993f0ac1d27c4e8b60a1b2c3d4e5f6 --timeout 1m"],
  jobs: ["jobs --status failed,expired --after 2h", "jobs --metadata order=81 --json"],
  cancel: ["cancel job_01993f0ac1d27c4e8b60a1b2c3d4e5f6"],
  batch: ["batch in.jsonl --output out.jsonl", "batch prompts.txt --output out.jsonl --route chat --priority standard"],
  "batches list": ["batches list --limit 5 --json"],
  "batches get": ["batches get batch_01993f0ac1d27c4e8b60a1b2c3d4e5f6"],
  "batches results": ["batches results batch_01993f0ac1d27c4e8b60a1b2c3d4e5f6 --follow > out.jsonl"],
  "batches cancel": ["batches cancel batch_01993f0ac1d27c4e8b60a1b2c3d4e5f6"],
  routes: ["routes --json"],
  "routes pause": ["routes pause chat"],
  "routes resume": ["routes resume chat"],
  endpoints: ["endpoints"],
  "endpoints force": ["endpoints force openai-eu open", "endpoints force openai-eu auto"],
  drill: ["drill chat"],
  queues: ["queues"],
  "queues pause": ["queues pause chat"],
  "queues resume": ["queues resume chat"],
  "alerts list": ["alerts", "alerts list --since 1d --json"],
  "alerts mute": ["alerts mute alt_01993f0ac1d27c4e8b60a1b2c3d4e5f6 --for 2h"],
  "alerts test": ["alerts test team"],
  report: ["report --since 7d -o report.md", "report --since 1d --json"],
  usage: ["usage --by day,route", "usage --from 2026-11-01 --by model --csv > usage.csv"],
  audit: ["audit --action replay.create --limit 50"],
  processes: ["processes"],
  "processes profile": ["processes profile worker-7f9c-31-a1b2c3d4 --for 5s", "processes profile worker-7f9c-31-a1b2c3d4 --heap"],
  "log-level": ["log-level", "log-level debug --of worker --for 10m", "log-level reset"],
  doctor: ["doctor", "doctor --url http://10.0.0.5:3000 --json"],
  "dead-letters list": ["dead-letters list --error-type context_length --after 1d"],
  "dead-letters summary": ["dead-letters summary --by errorType"],
  "dead-letters groups": ["dead-letters groups"],
  "dead-letters show": ["dead-letters show dl_01993f0ac1d27c4e8b60a1b2c3d4e5f6"],
  "dead-letters replay": [
    "dead-letters replay --error-type context_length --dry-run",
    "dead-letters replay --error-type context_length --to-route long --per-second 20",
  ],
  "dead-letters discard": ['dead-letters discard --route chat --before 7d --reason "of a broken release"'],
  replays: ["replays"],
  "replays show": ["replays show rpl_01993f0ac1d27c4e8b60a1b2c3d4e5f6"],
  "replays cancel": ["replays cancel rpl_01993f0ac1d27c4e8b60a1b2c3d4e5f6"],
  "webhooks list": ["webhooks list"],
  "credentials list": ["credentials list"],
  "credentials set": ["credentials set openai"],
  "credentials remove": ["credentials remove openai"],
  "webhooks add": ["webhooks add https://app.example/hooks --events job.failed,job.expired"],
  "webhooks deliveries": ["webhooks deliveries whe_01993f0ac1d27c4e8b60a1b2c3d4e5f6 --status failed"],
  "webhooks remove": ["webhooks remove whe_01993f0ac1d27c4e8b60a1b2c3d4e5f6"],
  "webhooks redeliver": ["webhooks redeliver whe_01993f0ac1d27c4e8b60a1b2c3d4e5f6 dlv_01993f0ac1d27c4e8b60a1b2c3d4e5f6"],
  "webhooks test": ["webhooks test whe_01993f0ac1d27c4e8b60a1b2c3d4e5f6"],
  "webhooks recover": ["webhooks recover whe_01993f0ac1d27c4e8b60a1b2c3d4e5f6 --since 1d"],
  "webhooks rotate-secret": ["webhooks rotate-secret whe_01993f0ac1d27c4e8b60a1b2c3d4e5f6 --overlap 2h"],
  listen: ["listen --secret whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= --forward http://127.0.0.1:8000/hooks"],
  "keys create": ['--tenant acme keys create "orders service" --scopes "jobs:*,dead-letters:read" --expires-in 90d'],
  "keys list": ["keys list"],
  "keys rotate": ["keys rotate key_01993f10aa1b7c2d8e3f405162738495 --overlap 2h"],
  "keys revoke": ["keys revoke key_01993f10aa1b7c2d8e3f405162738495"],
  "tenants create": ['tenants create acme --name "Acme GmbH" --set requestsPerMinute=600'],
  "tenants list": ["tenants list"],
  "tenants set": ["tenants set acme maxQueuedJobs=10000 requestsPerMinute="],
  "tenants disable": ["tenants disable acme"],
  "tenants enable": ["tenants enable acme"],
  init: ["init --provider openai"],
  check: ["check", "check staging.yaml --call"],
  schema: ["schema > sluice.schema.json"],
}

/** Puts the examples at the end of the help of the commands below this one. */
export function addExamples(command: Command, words = ""): void {
  for (const child of command.commands) {
    const name = `${words} ${child.name()}`.trim()
    const lines = (examples[name] ?? []).map((line) => `  $ ${line.includes("| sluice") ? line : `sluice ${line}`}`)
    if (lines.length > 0) child.addHelpText("after", `\nExamples:\n${lines.join("\n")}`)
    addExamples(child, name)
  }
}
