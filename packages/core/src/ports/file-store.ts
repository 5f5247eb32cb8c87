import type { StoredFile } from "../files/stored-file.ts"

export interface FileRef {
  readonly tenantId: string
  readonly id: string
}

export interface ListFilesRequest {
  readonly tenantId: string
  /** Null: of any. */
  readonly purpose: string | null
  /** The id of the last file of the page before. */
  readonly after: string | null
  readonly order: "newest" | "oldest"
  readonly limit: number
}

/** What is known of tenants' files; their bytes are in a `BlobStore`. Rejects with `StorageUnavailableError`. */
export interface FileStore {
  /** Inserting the same id again changes nothing. */
  insert(file: StoredFile): Promise<void>
  find(ref: FileRef): Promise<StoredFile | null>
  list(request: ListFilesRequest): Promise<readonly StoredFile[]>
  /** Whether it was there. */
  remove(ref: FileRef): Promise<boolean>
  /** Of all tenants, the longest expired first. */
  findExpired(request: { readonly at: Date; readonly limit: number }): Promise<readonly FileRef[]>
}
