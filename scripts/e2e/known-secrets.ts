/** What an installation has been given that nobody may read in its output. */
export interface KnownSecrets {
  /** What is too short, or of a form that a log has for good reasons, is left out. */
  add(...values: readonly string[]): void
  /** Adds whatever has the form of a key, a webhook's secret or a token in what the API was sent or answered. */
  learnFrom(text: string): void
  /** Throws, with the lines at fault, when one of them is in the output. */
  expectNoneIn(output: string): void
}

const minLength = 12
/** Words that occur in logs anyway do not tell whether a prompt got there. */
const minPromptWords = 3

const generated = /\b(?:sk_[A-Za-z0-9_-]{16,}|whsec_[A-Za-z0-9+/=]{16,}|jt_[\w.-]{16,})/g
const named = /"(?:secret|token|apiKey|password)"\s*:\s*"([^"\\]{12,})"/g

/** Whether it looks like something that only who knows it could have written: no address, no path, no reference, no setting. */
export function isSecretLike(value: string): boolean {
  return (
    value.length >= minLength &&
    /^[A-Za-z0-9+/=_.-]+$/.test(value) &&
    !value.startsWith("/") &&
    !/^[\d.]+$/.test(value) &&
    value !== "http/protobuf"
  )
}

/** Whether it is long enough that its words would not stand in a log by chance. */
export function isTellingPrompt(prompt: string): boolean {
  return prompt.length >= minLength && prompt.split(/\s+/).length >= minPromptWords
}

export function createKnownSecrets(): KnownSecrets {
  const known = new Set<string>()
  const add = (...values: readonly string[]) => {
    for (const value of values) if (value.length >= minLength) known.add(value)
  }
  return {
    add,
    learnFrom(text) {
      add(...(text.match(generated) ?? []))
      add(...Array.from(text.matchAll(named), ([, secret = ""]) => secret))
    },
    expectNoneIn(output) {
      const lines = output.split("\n")
      const found = Array.from(known).flatMap((secret) => {
        const line = lines.find((one) => one.includes(secret))
        return line === undefined ? [] : [`${secret.slice(0, 12)}.. in: ${line.slice(0, 600)}`]
      })
      if (found.length > 0) throw new Error(`The processes have told what they must not:\n${found.join("\n")}`)
    },
  }
}
