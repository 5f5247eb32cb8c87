import { CredentialError, type Credentials } from "@sluice/runtime"

/** One endpoint of the configuration, and what was found out about it. */
export interface EndpointCheck {
  readonly name: string
  readonly provider: string
  readonly model: string
  readonly routes: readonly string[]
  readonly credential: Finding
  /** Null: it was not asked. */
  readonly call: (Finding & { readonly durationMs: number }) | null
}

export interface Finding {
  readonly ok: boolean
  readonly message: string
}

/** The secret behind a reference, and in words whether it can be had. The words never contain it. */
export async function resolveCredential(
  credentials: Credentials,
  reference: string | undefined,
): Promise<{ readonly secret: string | null; readonly result: Finding }> {
  if (reference === undefined) return { secret: null, result: { ok: true, message: "needs none" } }
  try {
    const secret = await credentials.resolve(reference)
    return { secret, result: { ok: true, message: `${reference} is there` } }
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error
    return { secret: null, result: { ok: false, message: error.message } }
  }
}
