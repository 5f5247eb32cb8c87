export interface WhatNext {
  readonly apiUrl: string
  readonly apiKey: string
  readonly jobId: string
  readonly workerPid: number
  readonly logFolder: string
  readonly simulators: readonly { readonly url: string }[]
}

/** What to look at and to try while everything runs. */
export function whatNext({ apiUrl, apiKey, jobId, workerPid, logFolder, simulators }: WhatNext): string {
  const outages = simulators.map(
    ({ url }) => `    curl -X POST ${url}/__control -d '{"profile":"outage"}'      # and back: {"profile":"fault-mix"}`,
  )
  return `
The API is at ${apiUrl}, the logs are in ${logFolder}. Try:

  export KEY=${apiKey}

  Submit a job and wait for its end
    curl -s ${apiUrl}/v1/jobs -H "authorization: Bearer $KEY" -H "content-type: application/json" -H "prefer: wait=20" \\
      -d '{"route":"chat","input":{"messages":[{"role":"user","content":"Say hello"}]}}'

  See every attempt that a job took
    curl -s "${apiUrl}/v1/jobs/${jobId}?expand=attempts" -H "authorization: Bearer $KEY"

  The same from the command line, and more: docs/cli.md
    export SLUICE_URL=${apiUrl} SLUICE_API_KEY=$KEY
    npm run -s sluice -- submit chat --prompt "Tell me why the sky is blue" --stream
    npm run -s sluice -- watch ${jobId}

  A file of prompts as a batch, its answers in another file: docs/batches.md
    for n in 1 2 3; do echo "Say $n"; done > /tmp/prompts.txt
    npm run -s sluice -- batch /tmp/prompts.txt --route chat -o /tmp/answers.jsonl

  Look at all of it in a browser; sign in with the key
    ${apiUrl}/dashboard

  Every call of the API with an example, in a browser
    ${apiUrl}/docs

  Kill the worker in the middle of its work: another takes its place, and no job is lost
    kill -9 ${workerPid}

  Let a provider go down
${outages.join("\n")}

Ctrl-C stops everything. The data stay in .data; \`npm run clean\` removes them.
`
}
