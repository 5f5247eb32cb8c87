import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager"

/** Reads whole secrets of AWS Secrets Manager, by name or ARN. */
export interface AwsSecrets {
  /** Rejects with an `Error` whose message says what is wrong and what to do, and never holds the secret. */
  read(name: string): Promise<string>
}

const connectionTimeoutMs = 3_000
const requestTimeoutMs = 5_000
const maxAttempts = 3

/**
 * Secrets from AWS. Region, endpoint and the right to read come from the standard environment of AWS (`AWS_REGION`,
 * `AWS_ENDPOINT_URL_SECRETS_MANAGER`, the chain of credentials). The SDK is loaded with the first secret, so that it costs nothing
 * where none is used.
 */
export function createAwsSecrets(): AwsSecrets {
  let opened: ReturnType<typeof open> | null = null
  return {
    async read(name) {
      opened ??= open()
      try {
        const { client, GetSecretValueCommand } = await opened
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }))
        if (SecretString !== undefined) return SecretString
      } catch (cause) {
        throw new Error(explain(cause), { cause })
      }
      throw new Error("It holds bytes, not text. Store it as text, or as JSON with the key as a text in it.")
    },
  }
}

async function open() {
  const { SecretsManagerClient: Client, GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager")
  const client: SecretsManagerClient = new Client({
    maxAttempts,
    requestHandler: { connectionTimeout: connectionTimeoutMs, requestTimeout: requestTimeoutMs },
  })
  return { client, GetSecretValueCommand }
}

const reasons: Readonly<Record<string, string>> = {
  ResourceNotFoundException: "There is no such secret in this region. Check its name, AWS_REGION and the account.",
  AccessDeniedException: "Access is denied. Allow this process secretsmanager:GetSecretValue on it.",
  UnrecognizedClientException: "AWS does not accept the credentials of this process. Check them.",
  InvalidSignatureException: "AWS does not accept the credentials of this process. Check them.",
  ExpiredTokenException: "The AWS credentials of this process have expired. Renew them.",
  CredentialsProviderError: "This process has no AWS credentials. Give it a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
  ThrottlingException: "AWS answers too many requests (throttled). It is read again with the next call.",
  DecryptionFailure: "AWS cannot decrypt it: this process may not use its KMS key. Allow kms:Decrypt on that key.",
  InvalidRequestException: "It is being deleted, or has no current version.",
}

function explain(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: "unknown error", message: "" }
  if (message.includes("Region is missing")) return "AWS_REGION is not set. Set it to the region of the secret."
  return reasons[name] ?? `AWS Secrets Manager cannot be asked (${name}).`
}
