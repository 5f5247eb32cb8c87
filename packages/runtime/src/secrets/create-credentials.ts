import { readFile as readFileOfNode } from "node:fs/promises"
import { type CredentialRef, credentialRef, parseCredentialRef } from "@sluice/core"
import { codeOf } from "../errors/code-of.ts"
import { CredentialError } from "./credential-error.ts"

/** Turns the references of the configuration into secrets. */
export interface Credentials {
  /** The secret behind `env:NAME` or `file:/path`, without the line breaks at its end. Throws `CredentialError`. */
  resolve(reference: string): Promise<string>
}

export interface CreateCredentialsOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly readFile?: (path: string) => Promise<string>
  /** How old the contents of a file may be, i.e. how soon a rotated secret is used. Default 5 s. */
  readonly cacheMs?: number
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number
}

interface Entry {
  readonly readAt: number
  readonly secret: Promise<string>
}

const readText = (path: string): Promise<string> => readFileOfNode(path, "utf8")

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "There is no such file. Mount it, or change apiKey in the configuration.",
  EISDIR: "This is a folder. Name the file in it.",
}

/**
 * Files are read again once they are older than `cacheMs`, so a rotated secret comes into use by itself; concurrent callers
 * share one read, and a failed one is not remembered. Environment variables are read at each call.
 */
export function createCredentials(options: CreateCredentialsOptions): Credentials {
  const { environment, readFile = readText, cacheMs = 5_000, now = () => performance.now() } = options
  const files = new Map<string, Entry>()

  const readSecret = async (reference: string, path: string): Promise<string> => {
    const contents = await readFile(path).catch((cause: unknown) => {
      const code = codeOf(cause) ?? "unknown error"
      const message = reasons[code] ?? `The file cannot be read (${code}).`
      throw new CredentialError({ reference, message, cause })
    })
    return withoutLineEnd({ reference, text: contents, emptyMessage: "The file is empty." })
  }

  const fromFile = (reference: string, path: string): Promise<string> => {
    const cached = files.get(path)
    if (cached !== undefined && now() - cached.readAt < cacheMs) return cached.secret
    const entry = { readAt: now(), secret: readSecret(reference, path) }
    files.set(path, entry)
    entry.secret.catch(() => {
      if (files.get(path) === entry) files.delete(path)
    })
    return entry.secret
  }

  return {
    async resolve(reference) {
      const ref = parse(reference)
      switch (ref.from) {
        case "env": {
          const emptyMessage = `The environment variable ${ref.variable} is not set. Set it, or change apiKey in the configuration.`
          return withoutLineEnd({ reference, text: environment[ref.variable] ?? "", emptyMessage })
        }
        case "file":
          return await fromFile(reference, ref.path)
        case "aws-sm": {
          const message = "This form needs the package @aws-sdk/client-secrets-manager, which is not installed. Use env:NAME or file:/path."
          throw new CredentialError({ reference, message })
        }
      }
    },
  }
}

function parse(reference: string): CredentialRef {
  // What is no reference may be the secret itself, so it is not repeated.
  if (!credentialRef.safeParse(reference).success) {
    throw new CredentialError({ reference: "(not a reference)", message: "Expected env:NAME, file:/absolute/path or aws-sm:name#key." })
  }
  return parseCredentialRef(reference)
}

/** `echo` and editors end files, and many encoded variables, with a line break that no provider accepts in a header. */
function withoutLineEnd(options: { reference: string; text: string; emptyMessage: string }): string {
  const secret = options.text.replace(/[\r\n]+$/, "")
  if (secret === "") throw new CredentialError({ reference: options.reference, message: options.emptyMessage })
  return secret
}
