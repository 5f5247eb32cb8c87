import { readFile as readFileOfNode } from "node:fs/promises"
import { type CredentialRef, credentialRef, parseCredentialRef } from "@sluice/core"
import { codeOf } from "../errors/code-of.ts"
import { type AwsSecrets, createAwsSecrets } from "./aws/aws-secrets.ts"
import { CredentialError } from "./credential-error.ts"
import { createSecretCache, type SecretCache } from "./secret-cache.ts"

/** Turns the references of the configuration into secrets. */
export interface Credentials {
  /**
   * The secret behind `env:NAME`, `file:/path` or `aws-sm:name#key`, without the line breaks at its end. `rejected` is a secret that
   * somebody has just refused: unless it has been replaced in what is kept here, the reference is read anew. Throws `CredentialError`.
   */
  resolve(reference: string, options?: { readonly rejected?: string }): Promise<string>
}

export interface CreateCredentialsOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly readFile?: (path: string) => Promise<string>
  readonly awsSecrets?: AwsSecrets
  /** How old the contents of a file may be, i.e. how soon a rotated secret is used. Default 5 s. */
  readonly cacheMs?: number
  /** The same of AWS. Default 5 minutes: each look is a paid request, and a rejected secret is read anew at once. */
  readonly awsCacheMs?: number
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number
}

const readText = (path: string): Promise<string> => readFileOfNode(path, "utf8")
/** A secret of AWS goes on being used for so long while AWS cannot be asked. */
const awsGraceMs = 3_600_000

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "There is no such file. Mount it, or change the reference to it.",
  EISDIR: "This is a folder. Name the file in it.",
}

async function readSecretFile(readFile: (path: string) => Promise<string>, path: string): Promise<string> {
  try {
    return await readFile(path)
  } catch (cause) {
    const code = codeOf(cause) ?? "unknown error"
    throw new Error(reasons[code] ?? `The file cannot be read (${code}).`, { cause })
  }
}

/**
 * Files and secrets of AWS are read again once they are older than the time given here, or somebody rejects them, so a rotated
 * secret comes into use by itself; concurrent callers share one read, and a failed one is not remembered. Environment variables
 * are read at each call.
 */
export function createCredentials(options: CreateCredentialsOptions): Credentials {
  const { environment, readFile = readText, awsSecrets = createAwsSecrets(), now = () => performance.now() } = options
  const { cacheMs = 5_000, awsCacheMs = 300_000 } = options
  const files = createSecretCache({ fetch: (path) => readSecretFile(readFile, path), keepMs: cacheMs, now })
  const ofAws = createSecretCache({ fetch: (name) => awsSecrets.read(name), keepMs: awsCacheMs, graceMs: awsGraceMs, now })

  async function read(ref: CredentialRef, from: (cache: SecretCache, key: string) => Promise<string>): Promise<string> {
    switch (ref.from) {
      case "env":
        return withoutLineEnd(
          environment[ref.variable] ?? "",
          `The environment variable ${ref.variable} is not set. Set it, or change the reference to it.`,
        )
      case "file":
        return withoutLineEnd(await from(files, ref.path), "The file is empty.")
      case "aws-sm":
        return withoutLineEnd(partOf(await from(ofAws, ref.secret), ref.key), "The secret is empty.")
    }
  }

  return {
    async resolve(reference, { rejected } = {}) {
      const ref = parse(reference)
      try {
        const secret = await read(ref, (cache, key) => cache.get(key))
        return secret === rejected ? await read(ref, (cache, key) => cache.renew(key)) : secret
      } catch (error) {
        throw new CredentialError({ reference, message: error instanceof Error ? error.message : String(error), cause: causeOf(error) })
      }
    },
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined
}

function parse(reference: string): CredentialRef {
  // What is no reference may be the secret itself, so it is not repeated.
  if (!credentialRef.safeParse(reference).success) {
    throw new CredentialError({ reference: "(not a reference)", message: "Expected env:NAME, file:/absolute/path or aws-sm:name#key." })
  }
  return parseCredentialRef(reference)
}

/** The whole secret, or the text under a key of its JSON. */
function partOf(secret: string, key: string | null): string {
  if (key === null) return secret
  const parsed = parseObject(secret)
  const part = Object.hasOwn(parsed, key) ? parsed[key] : undefined
  if (typeof part === "string") return part
  const known = Object.keys(parsed)
  throw new Error(
    part === undefined
      ? `It has no key "${key}". It has: ${known.join(", ") || "none"}.`
      : `What it has under "${key}" is no text. Store the key as a JSON string.`,
  )
}

function parseObject(secret: string): Readonly<Record<string, unknown>> {
  let parsed: unknown = null
  try {
    parsed = JSON.parse(secret)
  } catch {
    // The message of a parser would repeat a piece of the secret.
  }
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return { ...parsed }
  throw new Error('It is not a JSON object, so it has no keys. Store it as {"NAME": ".."}, or leave out #key to use it as a whole.')
}

/** `echo` and editors end files, and many encoded variables, with a line break that no provider accepts in a header. */
function withoutLineEnd(text: string, emptyMessage: string): string {
  const secret = text.replace(/[\r\n]+$/, "")
  if (secret === "") throw new Error(emptyMessage)
  return secret
}
