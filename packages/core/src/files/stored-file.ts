/** What is known of a file beside its bytes, which are a blob of the same id. */
export interface StoredFile {
  readonly id: string
  readonly tenantId: string
  readonly filename: string
  readonly purpose: string
  readonly bytes: number
  readonly createdAt: Date
  /** When it is removed. */
  readonly expiresAt: Date
}
