/** One flag of the command line, all of which take a value. */
export interface Flag {
  readonly placeholder: string
  readonly help: string
  /** Where its value belongs among the options of `startSimulator`. */
  readonly path: readonly string[]
  /** Makes that value of the texts that were given, at least one. Throws an Error that says what is wrong. */
  read(texts: readonly string[]): unknown
}

export const flags: Readonly<Record<string, Flag>> = {
  port: { placeholder: "N", help: "port to listen on; 0 for any free one (default 9100)", path: ["port"], read: one(toPort) },
  host: { placeholder: "ADDRESS", help: "address to listen on (default 127.0.0.1)", path: ["host"], read: one(String) },
  profile: { placeholder: "NAME", help: "a named way to fail, see below (default healthy)", path: ["profile"], read: one(String) },
  seed: { placeholder: "N", help: "decides which requests fail and how (default 1)", path: ["seed"], read: one(toNumber) },
  fault: { placeholder: "KIND=RATE", help: "chance of an outcome, 0 to 1; can be repeated", path: ["faults", "rates"], read: toRates },
  "retry-after-ms": {
    placeholder: "N",
    help: "what a 429 says in retry-after (default 1000)",
    path: ["faults", "retryAfterMs"],
    read: one(toNumber),
  },
  "slow-ms": {
    placeholder: "N",
    help: "how much later a slow answer comes (default 5000)",
    path: ["faults", "slowMs"],
    read: one(toNumber),
  },
  rpm: { placeholder: "N", help: "requests per minute for each key and model", path: ["limits", "requestsPerMinute"], read: one(toNumber) },
  tpm: { placeholder: "N", help: "tokens per minute for each key and model", path: ["limits", "tokensPerMinute"], read: one(toNumber) },
  "latency-ms": { placeholder: "N", help: "wait before each answer", path: ["latency", "baseMs"], read: one(toNumber) },
  "jitter-ms": { placeholder: "N", help: "up to this much more, by the seed", path: ["latency", "jitterMs"], read: one(toNumber) },
  "token-ms": {
    placeholder: "N",
    help: "and this much per token of the answer",
    path: ["latency", "perOutputTokenMs"],
    read: one(toNumber),
  },
  "first-chunk-ms": { placeholder: "N", help: "wait before a stream begins", path: ["latency", "firstChunkMs"], read: one(toNumber) },
  "chunk-ms": { placeholder: "N", help: "wait between the pieces of a stream", path: ["latency", "chunkMs"], read: one(toNumber) },
  "output-tokens": {
    placeholder: "N",
    help: "length of every text (default: as the prompt)",
    path: ["answers", "outputTokens"],
    read: one(toNumber),
  },
  key: { placeholder: "KEY", help: "a key to let in; can be repeated (default: any)", path: ["apiKeys"], read: (texts) => texts },
  model: { placeholder: "NAME", help: "a model to serve; can be repeated (default: any)", path: ["models"], read: (texts) => texts },
}

function one(convert: (text: string) => unknown): Flag["read"] {
  return (texts) => {
    const [text] = texts
    if (text === undefined || texts.length > 1) throw new Error(`it is given ${texts.length} times, and takes one value`)
    return convert(text)
  }
}

function toNumber(text: string): number {
  const value = Number(text)
  if (text.trim() === "" || !Number.isFinite(value)) throw new Error(`"${text}" is not a number`)
  return value
}

function toPort(text: string): number {
  const port = toNumber(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${text} is not a port: expected 0 to 65535`)
  return port
}

function toRates(texts: readonly string[]): Record<string, number> {
  const rates = texts.map((text): [string, number] => {
    const [, kind, rate] = /^([^=]+)=(.*)$/.exec(text) ?? []
    if (kind === undefined || rate === undefined) throw new Error(`"${text}" is not KIND=RATE, such as hang=0.03`)
    return [kind, toNumber(rate)]
  })
  return Object.fromEntries(rates)
}
